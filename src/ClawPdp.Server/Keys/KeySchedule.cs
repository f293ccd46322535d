using ClawPdp.Crypto;
using ClawPdp.Engine.Revocations;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Keys;

/// <summary>Replaces keys that have signed for long enough, and retires those that were replaced, whoever made the new ones.</summary>
internal sealed class KeySchedule
{
    private readonly KeyStore _files;
    private readonly KeySettings _settings;
    private readonly ILogger _logger;

    public KeySchedule(KeyStore files, KeySettings settings, ILogger logger)
    {
        _files = files;
        _settings = settings;
        _logger = logger;
    }

    /// <summary>Tells whether a revocation names a key.</summary>
    public static bool IsRevoked(Ed25519PublicKey key, RevocationView revocations) => revocations.Names(RevocationKind.KeyId, key.KeyId);

    /// <summary>Makes another key of receipts, which signs at once, where the one that signs is revoked: whoever else has it must not be mistaken for us.</summary>
    /// <returns>Whether there is a new one.</returns>
    /// <exception cref="KeysBusyException">Another process changes the keys.</exception>
    public bool ReplaceRevoked(KeyRing ring, RevocationView revocations)
    {
        bool IsReplaced(KeyRing held) => held.ActiveOf(KeyPurpose.Receipt) is { } active && IsRevoked(active.PublicKey, revocations);
        if (!IsReplaced(ring) || _files.Announce(KeyPurpose.Receipt, TimeSpan.Zero, overlap: null, IsReplaced) is not { } fresh)
        {
            return false;
        }

        Log.KeyAnnounced(_logger, KeyPurposeText.NameOf(KeyPurpose.Receipt), fresh.PublicKey.KeyId, fresh.SignsAt);
        return true;
    }

    /// <summary>Makes and publishes a new key for each purpose whose time has come.</summary>
    /// <returns>Whether there is a new one.</returns>
    /// <exception cref="KeysBusyException">Another process changes the keys.</exception>
    public bool AnnounceDue(KeyRing ring)
    {
        var isNew = false;
        foreach (var (purpose, after) in _settings.RotateAfter)
        {
            if (!IsDue(ring, purpose, after))
            {
                continue;
            }

            // Looked at again while nobody else changes them: a command may have been quicker.
            var fresh = _files.Announce(purpose, _settings.PublishAhead, purpose == KeyPurpose.Token ? _settings.TokenOverlap : null, held => IsDue(held, purpose, after));
            if (fresh is not null)
            {
                Log.KeyAnnounced(_logger, KeyPurposeText.NameOf(purpose), fresh.PublicKey.KeyId, fresh.SignsAt);
                isNew = true;
            }
        }

        return isNew;
    }

    /// <summary>Retires the keys that were replaced, once their successors sign.</summary>
    /// <exception cref="KeysBusyException">Another process changes the keys.</exception>
    public void RetireReplaced(KeyRing ring)
    {
        if (!ring.Replaced().Any())
        {
            return;
        }

        foreach (var key in _files.RetireReplaced((purpose, stated) => stated ?? (purpose == KeyPurpose.Token ? _settings.TokenOverlap : null)))
        {
            Log.KeyRetired(_logger, KeyPurposeText.NameOf(key.Purpose), key.PublicKey.KeyId, key.NotAfter);
        }
    }

    // Keys whose time is further off than a new one's come from a clock that was wrong: they neither count nor hinder, so that one new key is
    // made and not one at every look.
    private bool IsDue(KeyRing ring, KeyPurpose purpose, TimeSpan after)
    {
        // Whoever put the key into a signer replaces it there.
        if (ring.ActiveOf(purpose) is { SignerSocket: not null })
        {
            return false;
        }

        var horizon = ring.Now + _settings.PublishAhead;
        var newest = ring.Keys.FirstOrDefault(key => key.Purpose == purpose && key.CanSign && key.SignsAt <= horizon);
        return newest is null || horizon - newest.SignsAt >= after;
    }
}
