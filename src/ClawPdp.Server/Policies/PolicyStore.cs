using System.Collections.Concurrent;
using System.Collections.Immutable;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Identifiers;
using ClawPdp.Core.Policies;
using ClawPdp.Crypto;
using ClawPdp.Engine.Policies;
using ClawPdp.Engine.State;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Reload;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Policies;

/// <summary>Holds the policy in force and takes up a changed file.</summary>
internal sealed class PolicyStore : IReloadable
{
    private readonly WatchedFile? _file;
    private readonly PolicySettings _settings;
    private readonly KeyRingStore _keys;
    private readonly EngineStateStore _states;
    private readonly TimeProvider _time;
    private readonly ILogger<PolicyStore> _logger;
    private readonly ConcurrentDictionary<string, byte[]> _envelopes = new(StringComparer.Ordinal);
    private LoadedPolicy? _current;
    private string? _fault;

    public PolicyStore(PolicySettings settings, KeyRingStore keys, EngineStateStore states, TimeProvider time, ILogger<PolicyStore> logger)
    {
        _settings = settings;
        _keys = keys;
        _states = states;
        _time = time;
        _logger = logger;
        _file = settings.Path is null ? null : new WatchedFile(settings.Path, PolicyEnvelopeReader.SizeMaxBytes);
    }

    /// <summary>Gets the policy in force; <see langword="null"/> when there is none.</summary>
    public LoadedPolicy? Current => Volatile.Read(ref _current);

    /// <inheritdoc/>
    public string Name => "policy";

    /// <inheritdoc/>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>Gives the DIDs whose policies are accepted: the configured ones and this installation's own policy keys.</summary>
    public static ImmutableArray<string> SignersOf(PolicySettings settings, SigningRing ring, DateTimeOffset now) =>
        [.. settings.Signers, .. ring.AcceptedOf(KeyPurpose.Policy, now).Select(static key => key.PublicKey.Did)];

    /// <summary>Gives the signed envelope of a policy that is or was in force since the start; <see langword="null"/> for another one.</summary>
    public byte[]? EnvelopeOf(string policyHash) => _envelopes.GetValueOrDefault(policyHash);

    /// <summary>Reads the file for the first time.</summary>
    /// <returns>The faults; empty when a policy is in force or none is configured.</returns>
    public ImmutableArray<Fault> Open() => TakeUp();

    /// <inheritdoc/>
    public void Reload()
    {
        var faults = TakeUp();
        if (faults.IsEmpty)
        {
            return;
        }

        var message = FaultText.Write(_settings.Path ?? "", faults[0]);
        if (!string.Equals(Fault, message, StringComparison.Ordinal))
        {
            Log.ReloadRefused(_logger, Name, message);
        }

        Volatile.Write(ref _fault, message);
    }

    private ImmutableArray<Fault> TakeUp()
    {
        try
        {
            if (_file?.ReadIfChanged() is not { } content)
            {
                return [];
            }

            var now = _time.GetUtcNow();
            var read = PolicyEnvelopeReader.Read(content, SignersOf(_settings, _keys.Current, now), now);
            if (!read.TryGet(out var signed))
            {
                return read.Faults;
            }

            var resolved = PolicyChain.Resolve(signed.Policy, static _ => null);
            if (!resolved.TryGet(out var chain))
            {
                return resolved.Faults;
            }

            PutInForce(signed, chain, content, now);
            return [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [new Fault("", "the file cannot be read")];
        }
    }

    private void PutInForce(SignedPolicy signed, PolicyChain chain, byte[] content, DateTimeOffset now)
    {
        var next = new LoadedPolicy
        {
            Policy = signed.Policy,
            SignerDid = signed.SignerDid,
            EnvelopeJson = content,
            LoadedAt = now,
            ActivationNumber = (Current?.ActivationNumber ?? 0) + 1,
        };
        _envelopes.TryAdd(signed.Policy.PolicyHash, content);
        Volatile.Write(ref _current, next);
        Volatile.Write(ref _fault, null);
        var signer = DidKey.TryDecode(signed.SignerDid, out var key) ? KeyId.Of(key) : "";
        _states.Publish(state => state with { Policies = state.Policies.WithCommon(new ActivePolicy { Current = new SignedChain(chain, [signer]) }) });
        Log.PolicyInForce(_logger, signed.Policy.PolicyHash);
    }
}
