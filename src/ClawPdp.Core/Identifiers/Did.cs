using System.Buffers;

namespace ClawPdp.Core.Identifiers;

/// <summary>The forms of a decentralised identifier that the Clawsig issuer and verifiers accept.</summary>
public static class Did
{
    /// <summary>The longest identifier that is looked at.</summary>
    public const int LengthMax = 256;

    private static readonly SearchValues<char> MethodCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");
    private static readonly SearchValues<char> IdentifierCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._%-");

    /// <summary>Tells whether the text is a DID as the reference issuer takes it: <c>did:METHOD:IDENTIFIER</c>, no further colon.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length > LengthMax || !text.StartsWith("did:", StringComparison.Ordinal))
        {
            return false;
        }

        var rest = text[4..];
        var colon = rest.IndexOf(':');
        return colon > 0
            && colon < rest.Length - 1
            && !rest[..colon].ContainsAnyExcept(MethodCharacters)
            && !rest[(colon + 1)..].ContainsAnyExcept(IdentifierCharacters);
    }

    /// <summary>Tells whether the text is a DID that the public verifiers accept for an agent or a signer: did:key or did:web.</summary>
    public static bool IsVerifiable(ReadOnlySpan<char> text) =>
        IsValid(text) && (text.StartsWith("did:key:", StringComparison.Ordinal) || text.StartsWith("did:web:", StringComparison.Ordinal));
}
