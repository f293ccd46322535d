using System.Collections.Immutable;
using System.Text;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Policies;
using ClawPdp.Engine.State;
using ClawPdp.Ledger;
using ClawPdp.Server.Health;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Policies.Shadows;

/// <summary>Begins and ends shadows, and counts what candidates would have answered otherwise. What is acknowledged is on disk and in force.</summary>
internal sealed class ShadowDesk : IDisposable
{
    private const string MetaPrefix = "shadow/";

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly PolicyLibrary _library;
    private readonly PolicyDesk _policies;
    private readonly LedgerStore _ledger;
    private readonly EngineStateStore _states;
    private readonly PolicyMeter _meter;
    private readonly TimeProvider _time;
    private readonly ImmutableArray<string> _audiences;
    private ImmutableDictionary<string, ShadowTally> _tallies = ImmutableDictionary.Create<string, ShadowTally>(StringComparer.Ordinal);

    private ShadowDesk(PolicyLibrary library, PolicyDesk policies, LedgerStore ledger, EngineStateStore states, PolicyMeter meter, TimeProvider time, ImmutableArray<string> audiences)
    {
        _audiences = audiences;
        _library = library;
        _policies = policies;
        _ledger = ledger;
        _states = states;
        _meter = meter;
        _time = time;
    }

    private ImmutableDictionary<string, ShadowTally> Tallies => Volatile.Read(ref _tallies);

    /// <summary>Begins the shadows anew that were begun before the restart. One whose policy is not good any more is left out and said.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public static ShadowDesk Open(
        ServerSettings settings,
        LedgerStore ledger,
        PolicyLibrary library,
        PolicyDesk policies,
        EngineStateStore states,
        PolicyMeter meter,
        TimeProvider time,
        ILogger<ShadowDesk> logger)
    {
        var desk = new ShadowDesk(library, policies, ledger, states, meter, time, settings.Audiences);
        foreach (var audience in settings.Audiences.Prepend(""))
        {
            if (ReadKept(ledger.GetMeta(NameOf(audience))) is not var (policyHash, interval))
            {
                continue;
            }

            if (policies.Check(CommandOf(policyHash, audience)) is { } refusal)
            {
                Log.ShadowLeftOut(logger, policyHash, refusal.Message);
            }
            else
            {
                desk.Take(policyHash, audience, interval);
            }
        }

        return desk;
    }

    /// <summary>Begins a shadow in the place of the audience's earlier one, or says why not.</summary>
    /// <exception cref="LedgerException">It may not be taken as begun.</exception>
    public async Task<(ShadowTally? Tally, PolicyRefusal? Refusal)> BeginAsync(string policyHash, string audience, int sampleInterval)
    {
        await _turn.WaitAsync();
        try
        {
            if (_policies.Check(CommandOf(policyHash, audience)) is { } refusal)
            {
                return (null, refusal);
            }

            await _ledger.SetMetaAsync(NameOf(audience), Keep(policyHash, sampleInterval), CancellationToken.None);
            return (Take(policyHash, audience, sampleInterval), null);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the shadow of an audience; without one nothing happens.</summary>
    /// <returns>Why not; <see langword="null"/> when there is none now.</returns>
    /// <exception cref="LedgerException">It may not be taken as ended.</exception>
    public async Task<PolicyRefusal?> EndAsync(string audience)
    {
        await _turn.WaitAsync();
        try
        {
            if (audience.Length > 0 && !_audiences.Contains(audience, StringComparer.Ordinal))
            {
                return new PolicyRefusal(ReasonCode.AudienceNotAllowed, "the audience is not one that is decided for here", "audience", audience);
            }

            // One that was left out at the start has no tally, and is ended all the same.
            if (Find(audience) is null && string.IsNullOrEmpty(_ledger.GetMeta(NameOf(audience))))
            {
                return null;
            }

            await _ledger.SetMetaAsync(NameOf(audience), "", CancellationToken.None);
            _states.Publish(state => state with { Candidates = state.Candidates.With(audience, null) });
            Volatile.Write(ref _tallies, Tallies.Remove(audience));
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives the counts of an audience; <see langword="null"/> when it has no shadow.</summary>
    public ShadowTally? Find(string audience) => Tallies.GetValueOrDefault(audience);

    /// <summary>Counts a decision that a candidate was asked about, too.</summary>
    /// <returns>What goes into the decision's record; <see langword="null"/> for nothing.</returns>
    public ShadowVerdict? Count(Decision decision, string decisionId)
    {
        if (decision.Shadow is not { } verdict
            || Find(verdict.Audience) is not { } tally
            || !string.Equals(tally.PolicyHash, verdict.PolicyHash, StringComparison.Ordinal))
        {
            return null;
        }

        var isSampled = tally.Count(decision.Reason, verdict.Reason, decisionId);
        if (decision.Reason != verdict.Reason)
        {
            _meter.AddShadowDifference(ReasonCatalog.NameOf(decision.Reason), ReasonCatalog.NameOf(verdict.Reason));
        }

        return isSampled ? verdict : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    // The name of an audience may be as long as the name of a kept value may be: its hash is not.
    private static string NameOf(string audience) => MetaPrefix + Sha256.B64u(Encoding.UTF8.GetBytes(audience));

    private static ActivationCommand CommandOf(string policyHash, string audience) => new() { PolicyHash = policyHash, Audience = audience };

    private static string Keep(string policyHash, int sampleInterval) =>
        JsonWriter.CanonicalText(new JsonObjectBuilder().Add("policy_hash_b64u", policyHash).Add("sample_interval", sampleInterval).Build());

    private static (string PolicyHash, int SampleInterval)? ReadKept(string? kept) =>
        !string.IsNullOrEmpty(kept)
        && JsonReader.Parse(Encoding.UTF8.GetBytes(kept), 1024).TryGet(out var json)
        && json.FindText("policy_hash_b64u") is { } policyHash
        && json.Find("sample_interval") is { Kind: JsonKind.Number } interval
            ? (policyHash, (int)interval.Number)
            : null;

    private ShadowTally Take(string policyHash, string audience, int sampleInterval)
    {
        var tally = new ShadowTally(policyHash, audience, _time.GetUtcNow(), sampleInterval);
        Volatile.Write(ref _tallies, Tallies.SetItem(audience, tally));
        var candidate = new ActivePolicy { Current = _library.Resolve(policyHash).Value };
        _states.Publish(state => state with { Candidates = state.Candidates.With(audience, candidate) });
        return tally;
    }
}
