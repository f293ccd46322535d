using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Tokens;

/// <summary>
/// Who alone may use a token: whoever proves that they hold a key (RFC 9449), or the processes of one user of the machine. It stands in the
/// protected header of the token as <c>cnf</c> (RFC 7800), and <c>crit</c> names it (RFC 7515 section 4.1.11), so that a verifier that knows nothing of holders
/// refuses the token instead of taking it from anybody. The claims have no room for it: their schema is closed.
/// </summary>
public sealed record TokenHolder
{
    /// <summary>The name of the header member.</summary>
    public const string HeaderName = "cnf";

    // Stands for every user of another user namespace (user_namespaces(7), overflowuid): no one in particular.
    private const uint OverflowUserId = 65_534;

    // (uid_t) -1, which is no user.
    private const uint NoUserId = uint.MaxValue;

    private const string ThumbprintName = "jkt";
    private const string UserIdName = "peer_uid";

    private TokenHolder(string? thumbprint, uint? userId)
    {
        KeyThumbprint = thumbprint;
        UserId = userId;
    }

    /// <summary>Gets the SHA-256 thumbprint of the key (RFC 7638), base64url, 43 characters; <see langword="null"/> for a user.</summary>
    public string? KeyThumbprint { get; }

    /// <summary>Gets the number of the user; <see langword="null"/> for a key.</summary>
    public uint? UserId { get; }

    /// <summary>Names the holder of a key.</summary>
    /// <returns>The holder, or <see langword="null"/> when the text is no thumbprint.</returns>
    public static TokenHolder? OfKey(string thumbprint) => Base64UrlText.IsSha256(thumbprint) ? new TokenHolder(thumbprint, userId: null) : null;

    /// <summary>Names a user of the machine, root among them.</summary>
    /// <returns>The holder, or <see langword="null"/> for a number that names nobody in particular: 65,534 and 4,294,967,295.</returns>
    public static TokenHolder? OfUser(uint userId) => userId is OverflowUserId or NoUserId ? null : new TokenHolder(thumbprint: null, userId);

    /// <summary>Reads the header member; one that is not wholly understood is none.</summary>
    public static TokenHolder? Read(JsonValue confirmation)
    {
        // Two ways of confirmation at once would need a rule which of them counts: there is one.
        if (confirmation.Members is not [var member])
        {
            return null;
        }

        return (member.Name, member.Value) switch
        {
            (ThumbprintName, { Kind: JsonKind.String } text) => OfKey(text.Text),
            (UserIdName, { Kind: JsonKind.Number, Number: >= 0 and <= uint.MaxValue } number) when Math.Floor(number.Number) == number.Number => OfUser((uint)number.Number),
            _ => null,
        };
    }

    /// <summary>Writes the header member.</summary>
    public JsonValue ToJson() => new JsonObjectBuilder().AddIfPresent(ThumbprintName, KeyThumbprint).AddIfPresent(UserIdName, UserId).Build();
}
