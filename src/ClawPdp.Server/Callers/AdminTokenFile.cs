using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Callers;

/// <summary>
/// The file of admin tokens: <c>{"tokens":[{"name","sha256","expires_at"?}]}</c>. It holds no token, only hashes.
/// </summary>
internal static class AdminTokenFile
{
    /// <summary>How every token begins, so that one in the wrong place is recognised.</summary>
    public const string Prefix = "clawpdp_admin_";

    /// <summary>The longest file that is read.</summary>
    public const int SizeMaxBytes = 1 << 20;

    /// <summary>The longest name of a token.</summary>
    public const int NameLengthMax = 64;

    /// <summary>The longest text that can be a token.</summary>
    public const int TokenLengthMax = 128;

    private const int TokenCountMax = 1024;
    private const int TimeLengthMax = 64;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Makes a token.</summary>
    public static string NewToken() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes));

    /// <summary>Tells whether a text can be a token's name.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= NameLengthMax && text.All(static unit => char.IsAsciiLetterOrDigit(unit) || unit is '-' or '_' or '.' or '@');

    /// <summary>Reads the content of a file.</summary>
    public static Result<IReadOnlyList<AdminToken>> Read(ReadOnlySpan<byte> content)
    {
        var parsed = JsonReader.Parse(content, SizeMaxBytes);
        return parsed.TryGet(out var document) ? Read(document) : Result.Invalid<IReadOnlyList<AdminToken>>(parsed.Faults);
    }

    /// <summary>Writes the content of a file.</summary>
    public static byte[] Write(IEnumerable<AdminToken> tokens) => JsonWriter.WriteCanonical(new JsonObjectBuilder()
        .Add("tokens", JsonValue.ArrayOf([.. tokens.Select(static token => new JsonObjectBuilder()
            .Add("name", token.Name)
            .Add("sha256", Convert.ToHexStringLower(token.Hash.Span))
            .AddIfPresent("expires_at", token.ExpiresAt is { } end ? Rfc3339.Format(end) : null)
            .Build())]))
        .Build());

    /// <summary>Says why a file as it lies cannot be trusted; <see langword="null"/> when it can.</summary>
    public static string? FindUnsafe(string path) =>
        (File.GetUnixFileMode(path) & WritableByOthers) != UnixFileMode.None ? $"{path}: others than its owner may write to it" : null;

    private static Result<IReadOnlyList<AdminToken>> Read(JsonValue document)
    {
        var faults = ImmutableArray.CreateBuilder<Fault>();
        var root = JsonCursor.At(document, faults);
        var tokens = ImmutableArray.CreateBuilder<AdminToken>();
        foreach (var item in root.IsObjectOf("tokens") ? root.Required("tokens")?.AsArray(TokenCountMax) ?? [] : [])
        {
            if (ReadToken(item) is not { } token)
            {
                continue;
            }

            if (tokens.Any(known => string.Equals(known.Name, token.Name, StringComparison.Ordinal)))
            {
                item.Refuse($"the name `{token.Name}` stands twice");
            }

            tokens.Add(token);
        }

        return faults.Count == 0 ? Result.Valid<IReadOnlyList<AdminToken>>(tokens.ToImmutable()) : Result.Invalid<IReadOnlyList<AdminToken>>(faults.DrainToImmutable());
    }

    private static AdminToken? ReadToken(JsonCursor item)
    {
        if (!item.IsObjectOf("name", "sha256", "expires_at"))
        {
            return null;
        }

        var name = item.Required("name")?.AsText(NameLengthMax);
        if (name is not null && !IsName(name))
        {
            item.Refuse("a name is of letters, digits, `-`, `_`, `.` and `@`");
            return null;
        }

        var hash = item.Required("sha256")?.AsText(2 * SHA256.HashSizeInBytes, 2 * SHA256.HashSizeInBytes);
        if (hash is not null && !hash.All(char.IsAsciiHexDigitLower))
        {
            item.Refuse("the hash is of lower-case hexadecimal digits");
            return null;
        }

        var end = ReadEnd(item.Optional("expires_at"), out var isEndGood);
        return name is null || hash is null || !isEndGood ? null : new AdminToken(name, Convert.FromHexString(hash), end);
    }

    private static DateTimeOffset? ReadEnd(JsonCursor? member, out bool isGood)
    {
        isGood = true;
        if (member is null)
        {
            return null;
        }

        if (member.AsText(TimeLengthMax) is { } text && Rfc3339.TryParse(text, out var end))
        {
            return end;
        }

        isGood = false;
        member.Refuse("an instant is expected", "such as `2027-01-01T00:00:00Z`");
        return null;
    }
}
