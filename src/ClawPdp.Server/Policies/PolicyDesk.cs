using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Policies;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Policies;
using ClawPdp.Server.Health;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Policies;

/// <summary>
/// Takes policies in and activates them, one at a time: what is acknowledged is on disk and in force. A caller who goes away does not
/// stop it half-way.
/// </summary>
internal sealed class PolicyDesk : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly PolicyLibrary _library;
    private readonly PolicyActivations _activations;
    private readonly PolicySigners _signers;
    private readonly LedgerStore _ledger;
    private readonly ImmutableArray<string> _audiences;
    private readonly PolicyMeter _meter;
    private readonly TimeProvider _time;
    private readonly ILogger<PolicyDesk> _logger;

    public PolicyDesk(
        PolicyLibrary library,
        PolicyActivations activations,
        PolicySigners signers,
        LedgerStore ledger,
        ServerSettings settings,
        PolicyMeter meter,
        TimeProvider time,
        ILogger<PolicyDesk> logger)
    {
        _library = library;
        _activations = activations;
        _signers = signers;
        _ledger = ledger;
        _audiences = settings.Audiences;
        _meter = meter;
        _time = time;
        _logger = logger;
    }

    /// <summary>Takes a signed policy in, or says why not.</summary>
    /// <param name="envelope">The envelope.</param>
    /// <param name="replaces">
    /// Whether an accepted signature takes the place of another accepted one: yes for a command, no for files that are looked at again and
    /// again, of which two may hold the same policy.
    /// </param>
    /// <exception cref="LedgerException">It may not be taken as held.</exception>
    public Task<PutOutcome> PutAsync(ReadOnlyMemory<byte> envelope, bool replaces) => InTurnAsync(() => PutNowAsync(envelope, replaces));

    /// <summary>Makes a policy that is held the active one, or says why not.</summary>
    /// <exception cref="LedgerException">It may not be taken as activated.</exception>
    public Task<ActivationResult> ActivateAsync(ActivationCommand command) => InTurnAsync(() => ActivateNowAsync(command));

    /// <summary>Says why an activation would be refused as things are; <see langword="null"/> when it would not.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public PolicyRefusal? Check(ActivationCommand command)
    {
        if (CheckPolicy(command) is { } refusal)
        {
            return refusal;
        }

        var last = _ledger.Policies.ReadLastNumber();
        return command.Number != 0 && command.Number <= last ? Rollback(command.Number, last) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private static PutOutcome Refuse(ReasonCode reason, ImmutableArray<Fault> faults) =>
        new(Held: null, Existed: false, new PolicyRefusal(reason, faults, "envelope_json"));

    private static PolicyRefusal Rollback(long number, long last) => new(
        ReasonCode.ActivationRollback,
        number == 0 ? $"no number is greater than {last}, that of the last activation" : $"the number {number} is not greater than {last}, that of the last activation",
        "activation_number");

    private async Task<T> InTurnAsync<T>(Func<Task<T>> act)
    {
        await _turn.WaitAsync();
        try
        {
            return await act();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<PutOutcome> PutNowAsync(ReadOnlyMemory<byte> envelope, bool replaces)
    {
        var now = _time.GetUtcNow();
        var accepted = _signers.Accepted(now);
        var reading = PolicyEnvelopeReader.Judge(envelope.Span, accepted, now);
        if (reading.Signed is not { } signed)
        {
            return Refuse(reading.Reason, reading.Faults);
        }

        if (_library.Find(signed.Policy.PolicyHash) is { } known)
        {
            var standing = await SignAgainAsync(known, signed, envelope, isKept: !replaces && accepted.Contains(known.SignerDid, StringComparer.Ordinal), now);
            return new PutOutcome(standing, Existed: true, Refusal: null) { IsSignerStanding = string.Equals(standing.SignerDid, signed.SignerDid, StringComparison.Ordinal) };
        }

        var resolved = PolicyChain.Resolve(signed.Policy, hash => _library.Find(hash)?.Policy);
        if (!resolved.IsValid)
        {
            return Refuse(ReasonCode.WpcParentUnresolved, [.. resolved.Faults.Select(static fault => fault with { Pointer = "/payload" + fault.Pointer })]);
        }

        var held = await _library.AddAsync(signed, envelope, now);
        Log.PolicyHeld(_logger, held.Policy.PolicyHash, held.SignerDid);
        return new PutOutcome(held, Existed: false, Refusal: null);
    }

    // Whoever signs a policy again makes it independent of the key that did before, which may then be revoked.
    private async Task<HeldPolicy> SignAgainAsync(HeldPolicy known, SignedPolicy signed, ReadOnlyMemory<byte> envelope, bool isKept, DateTimeOffset now)
    {
        if (isKept || string.Equals(known.SignerDid, signed.SignerDid, StringComparison.Ordinal))
        {
            return known;
        }

        var healed = await _library.ReplaceAsync(known, signed, envelope, now);
        _activations.Refresh();
        Log.PolicySignedAgain(_logger, healed.Policy.PolicyHash, healed.SignerDid);
        return healed;
    }

    private async Task<ActivationResult> ActivateNowAsync(ActivationCommand command)
    {
        if (CheckPolicy(command) is { } refusal)
        {
            return new ActivationResult(Record: null, Epoch: 0, refusal);
        }

        var succession = _signers.FactsOfSuccession(_library.Find(command.PolicyHash)?.SignerDid ?? "");
        var outcome = await _ledger.Policies.ActivateAsync(
            new ActivationDraft
            {
                ActivationNumber = command.Number,
                PolicyHash = command.PolicyHash,
                Audience = command.Audience,
                ActivatedAt = _time.GetUtcNow(),
                Overlap = command.Overlap,
                Source = command.Source,
                Reason = command.Reason,
                Facts = [.. command.Facts, .. succession],
            },
            CancellationToken.None);
        if (outcome.Record is not { } record)
        {
            return new ActivationResult(Record: null, Epoch: 0, Rollback(command.Number, outcome.LastNumber));
        }

        var epoch = _activations.Take(record);
        _signers.Take(succession);
        _meter.AddActivation(record.ActivationNumber);
        Log.PolicyActivated(_logger, record.PolicyHash, record.ActivationNumber, record.Audience, record.Source);
        return new ActivationResult(record, epoch, Refusal: null);
    }

    private PolicyRefusal? CheckPolicy(ActivationCommand command)
    {
        if (_library.Find(command.PolicyHash) is null)
        {
            return new PolicyRefusal(ReasonCode.WpcNotFound, $"no policy `{command.PolicyHash}` is held here", "policy_hash_b64u");
        }

        if (command.Audience.Length > 0 && !_audiences.Contains(command.Audience, StringComparer.Ordinal))
        {
            return new PolicyRefusal(ReasonCode.AudienceNotAllowed, "the audience is not one that is decided for here", "audience", command.Audience);
        }

        if (!_library.Resolve(command.PolicyHash).TryGet(out var resolved))
        {
            return new PolicyRefusal(ReasonCode.WpcParentUnresolved, "a policy that it inherits from is not held here", "policy_hash_b64u");
        }

        foreach (var link in resolved.Chain.Links)
        {
            if (_library.Find(link.PolicyHash) is not { } held || !_signers.MayActivate(held.SignerDid))
            {
                return new PolicyRefusal(ReasonCode.WpcSignerNotAllowed, $"the key that signed the policy `{link.PolicyHash}` is revoked, or not one of those accepted here", "policy_hash_b64u");
            }
        }

        return null;
    }
}
