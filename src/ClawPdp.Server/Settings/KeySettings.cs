using System.Collections.Immutable;
using ClawPdp.Core.Tokens;
using ClawPdp.Crypto;
using ClawPdp.Server.Keys;

namespace ClawPdp.Server.Settings;

/// <summary>How the installation's keys are kept and replaced.</summary>
internal sealed record KeySettings
{
    /// <summary>Gets where the passphrase of the key files lies; <see langword="null"/> when they are plain.</summary>
    public PassphraseFile? Passphrase { get; init; }

    /// <summary>Gets a value indicating whether plain key files may stand beside encrypted ones; by default they may not.</summary>
    public bool AllowPlaintext { get; init; }

    /// <summary>Gets how long a key of each purpose signs before the schedule replaces it; none by default.</summary>
    public ImmutableDictionary<KeyPurpose, TimeSpan> RotateAfter { get; init; } = ImmutableDictionary<KeyPurpose, TimeSpan>.Empty;

    /// <summary>Gets how long the schedule publishes a new key before it signs; by default five minutes, for which a list of keys may be cached.</summary>
    public TimeSpan PublishAhead { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Gets how long a token key that was replaced goes on verifying: at least as long as a token lives. The default is an hour.</summary>
    public TimeSpan TokenOverlap { get; init; } = TimeSpan.FromSeconds(CstLimits.TtlMaxSeconds);
}
