using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClawPdp.Core.Tokens;

namespace ClawPdp.Engine.Tests.Attacks;

/// <summary>Makes the token of a row: what the row does not say is as it should be.</summary>
internal sealed class ForgedToken(EngineFixture fixture)
{
    private const int Half = 32;

    // RFC 8032 section 5.1: the order of the base point.
    private static readonly BigInteger Order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Gives the token's text.</summary>
    public string Make(JsonElement row)
    {
        var header = AttackRows.Optional(row, "header") ?? """{"alg":"EdDSA","kid":"KID","typ":"JWT"}""";
        header = header.Replace("UPPERKID", fixture.KeyId.ToUpperInvariant() + "X", StringComparison.Ordinal).Replace("KID", fixture.KeyId, StringComparison.Ordinal);
        var payload = AttackRows.Optional(row, "payload_text") ?? Payload(row);
        var signed = $"{Encode(header)}.{Encode(payload)}";
        var signature = Base64Url.EncodeToString(Sign(AttackRows.Optional(row, "signature") ?? "good", signed));
        return Change(AttackRows.Optional(row, "text") ?? "", signed, signature);
    }

    private static string Payload(JsonElement row)
    {
        var claims = EngineFixture.Claims("tool:github");
        var members = new List<(string Name, string Json)>
        {
            ("token_version", "\"1\""),
            ("sub", $"\"{EngineFixture.Agent}\""),
            ("aud", $"[\"{EngineFixture.Audience}\"]"),
            ("scope", "[\"tool:github\"]"),
            ("iat", claims.IssuedAt.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("exp", claims.ExpiresAt.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("token_scope_hash_b64u", $"\"{TokenScopeHash.Compute(claims)}\""),
            ("jti", $"\"{claims.TokenId}\""),
        };
        var changed = row.TryGetProperty("claims", out var found) ? found.EnumerateObject().ToDictionary(static member => member.Name, static member => member.Value.GetString(), StringComparer.Ordinal) : [];
        var kept = members.Select(member => (member.Name, Json: changed.TryGetValue(member.Name, out var json) ? json : member.Json)).Where(static member => member.Json is not null);
        return "{" + string.Join(',', kept.Select(static member => $"\"{member.Name}\":{member.Json}")) + AttackRows.Optional(row, "append") + "}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private byte[] Sign(string how, string signed)
    {
        var input = Encoding.ASCII.GetBytes(signed);
        var good = fixture.SignRaw(input);
        var r = good[..Half];
        var s = good[Half..];
        byte[] identity = [1, .. new byte[Half - 1]];
        using var other = new EngineFixture();
        return how switch
        {
            "good" => good,
            "empty" => [],
            "zeros" => new byte[64],
            "ones" => [.. Enumerable.Repeat((byte)0xFF, 64)],
            "short" => good[..63],
            "long" => [.. good, 0],
            "other-key" => other.SignRaw(input),
            "other-payload" => fixture.SignRaw(Encoding.ASCII.GetBytes(signed + "A")),
            "prehashed" => fixture.SignRaw(Encoding.ASCII.GetBytes("." + Convert.ToHexStringLower(SHA512.HashData(input)))),
            "hmac-public-key" => HMACSHA256.HashData(fixture.PublicKey.Span, input),
            "hmac512-public-key" => HMACSHA512.HashData(fixture.PublicKey.Span, input),
            "hmac-key-id" => HMACSHA256.HashData(Encoding.ASCII.GetBytes(fixture.KeyId), input),
            "s-plus-order" => [.. r, .. Scalar(new BigInteger(s, isUnsigned: true) + Order)],
            "s-order" => [.. r, .. Scalar(Order)],
            "s-zero" => [.. r, .. new byte[Half]],
            "r-zero" => [.. new byte[Half], .. s],
            "r-identity-s-zero" => [.. identity, .. new byte[Half]],
            "r-small-order" => [.. Convert.FromHexString("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"), .. s],
            "s-high-bit" => [.. r, .. s[..31], (byte)(s[31] | 0x80)],
            "der" => [0x30, 0x44, 0x02, 0x20, .. r, 0x02, 0x20, .. s],
            "reversed" => [.. s, .. r],
            "hex" => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(good)),
            _ => throw new ArgumentException(how, nameof(how)),
        };
    }

    private static byte[] Scalar(BigInteger value)
    {
        var bytes = new byte[Half];
        Assert.True(value.TryWriteBytes(bytes, out _, isUnsigned: true));
        return bytes;
    }

    private static string Change(string how, string signed, string signature)
    {
        var token = $"{signed}.{signature}";
        var dot = signed.IndexOf('.', StringComparison.Ordinal);
        return how switch
        {
            "" => token,
            "pad-signature" => token + "==",
            "pad-header" => signed[..dot] + "=" + signed[dot..] + "." + signature,
            "pad-payload" => signed + "=." + signature,
            "standard-alphabet" => signed + "." + "+/" + signature[2..],
            "last-bits" => token[..^1] + (char)(token[^1] + 1),
            "space-before" => " " + token,
            "space-after" => token + " ",
            "newline-after" => token + "\n",
            "newline-within" => token[..20] + "\n" + token[20..],
            "tab-within" => token[..20] + "\t" + token[20..],
            "nul-after" => token + "\0",
            "dot-after" => token + ".",
            "dot-before" => "." + token,
            "double-dot" => signed[..dot] + "." + signed[dot..] + "." + signature,
            "four-parts" => token + ".AAAA",
            "five-parts" => token + ".AAAA.AAAA",
            "two-parts" => signed,
            "no-payload" => signed[..dot] + ".." + signature,
            "no-header" => signed[dot..] + "." + signature,
            "percent" => token.Replace(".", "%2E", StringComparison.Ordinal),
            "bearer" => "Bearer " + token,
            "quoted" => $"\"{token}\"",
            "full-width-dot" => token.Replace('.', '\uFF0E'),
            "lower-case" => token.ToLowerInvariant(),
            "long" => signed + new string('A', CstLimits.TokenLengthMax) + "." + signature,
            "json-serialization" => $$"""{"payload":"{{signed[(dot + 1)..]}}","protected":"{{signed[..dot]}}","signature":"{{signature}}"}""",
            "soft-hyphen" => token[..20] + "\u00AD" + token[20..],
            "twice" => token + token,
            _ => throw new ArgumentException(how, nameof(how)),
        };
    }
}
