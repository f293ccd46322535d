using System.Collections.Concurrent;
using System.Collections.Immutable;
using ClawPdp.Core.Identifiers;
using ClawPdp.Crypto;
using ClawPdp.Engine.Revocations;
using ClawPdp.Ledger;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Policies;

/// <summary>Whose policies are accepted: the configured keys and the installation's own, unless revoked or succeeded.</summary>
internal sealed class PolicySigners
{
    private const string SucceededName = "policy_signer_succeeded:";

    private readonly ConcurrentDictionary<string, byte> _succeeded = new(StringComparer.Ordinal);
    private readonly PolicySettings _settings;
    private readonly KeyRingStore _keys;
    private readonly RevocationView _revocations;

    /// <param name="settings">The configured keys.</param>
    /// <param name="keys">The installation's own.</param>
    /// <param name="revocations">Everything revoked; full already.</param>
    /// <param name="ledger">What knows which keys were succeeded.</param>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public PolicySigners(PolicySettings settings, KeyRingStore keys, RevocationView revocations, LedgerStore ledger)
    {
        _settings = settings;
        _keys = keys;
        _revocations = revocations;
        foreach (var did in settings.SignerDids().Where(did => ledger.GetMeta(SucceededName + did) is not null))
        {
            _succeeded.TryAdd(did, 0);
        }
    }

    /// <summary>Gives the DIDs whose new policies are accepted.</summary>
    public ImmutableArray<string> Accepted(DateTimeOffset now) =>
        [.. _settings.SignerDids().Concat(OwnOf(now)).Where(did => !_succeeded.ContainsKey(did) && !IsRevoked(did)).Distinct(StringComparer.Ordinal)];

    /// <summary>
    /// Tells whether a policy that is held, signed by this key, may be activated. A key that was succeeded, or an own one that only
    /// verified and is past its end, is no hindrance: going back to what was signed in good time must stay possible.
    /// </summary>
    public bool MayActivate(string did) =>
        !IsRevoked(did) && _settings.SignerDids().Concat(OwnOf(DateTimeOffset.MinValue)).Contains(did, StringComparer.Ordinal);

    /// <summary>Gives the facts that make the keys which this one succeeds, directly or through others, no longer accepted.</summary>
    public ImmutableArray<(string Name, string Value)> FactsOfSuccession(string did)
    {
        var past = new HashSet<string>(StringComparer.Ordinal) { did };
        while (_settings.Signers.Any(signer => signer.SuccessorDid is { } successor && past.Contains(successor) && past.Add(signer.Did)))
        {
        }

        // A circle of keys that succeed each other succeeds all but the one that acts.
        return [.. past.Where(key => !string.Equals(key, did, StringComparison.Ordinal) && !_succeeded.ContainsKey(key)).Select(key => (SucceededName + key, did))];
    }

    /// <summary>Takes up facts that are on disk now.</summary>
    public void Take(ImmutableArray<(string Name, string Value)> facts)
    {
        foreach (var (name, _) in facts.Where(static fact => fact.Name.StartsWith(SucceededName, StringComparison.Ordinal)))
        {
            _succeeded.TryAdd(name[SucceededName.Length..], 0);
        }
    }

    private bool IsRevoked(string did) =>
        !DidKey.TryDecode(did, out var key) || _revocations.Names(RevocationKind.KeyId, KeyId.Of(key));

    private IEnumerable<string> OwnOf(DateTimeOffset now) => _keys.Current.AcceptedOf(KeyPurpose.Policy, now).Select(static key => key.PublicKey.Did);
}
