using ClawPdp.Core.Encoding;
using ClawPdp.Core.Identifiers;

namespace ClawPdp.Audit;

/// <summary>A key of receipts that an auditor does not believe, as whoever runs the sidecar told him.</summary>
/// <param name="KeyId">The <c>kid</c>.</param>
/// <param name="Since">From when what it signed is not believed; <see langword="null"/> for ever.</param>
public sealed record DistrustedKey(string KeyId, DateTimeOffset? Since)
{
    /// <summary>Reads <c>KEY[@TIME]</c>: a <c>kid</c> or a did:key, and an RFC 3339 instant.</summary>
    /// <returns>The key; <see langword="null"/> where the text is none, so that no misspelt key is passed over.</returns>
    public static DistrustedKey? Read(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var name = at < 0 ? text : text[..at];
        var keyId = DidKey.TryDecode(name, out var key) ? Core.Identifiers.KeyId.Of(key) : name;
        DateTimeOffset? since = at >= 0 && Rfc3339.TryParse(text.AsSpan(at + 1), out var instant) ? instant : null;
        return keyId.Length == Core.Identifiers.KeyId.Length && keyId.All(char.IsAsciiHexDigitLower) && (at < 0 || since is not null)
            ? new DistrustedKey(keyId, since)
            : null;
    }
}
