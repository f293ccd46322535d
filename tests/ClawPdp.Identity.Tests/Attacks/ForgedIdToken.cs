using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClawPdp.Identity.Tests.Stubs;

namespace ClawPdp.Identity.Tests.Attacks;

/// <summary>Makes the ID token of a row: what the row does not say is as it should be.</summary>
internal static class ForgedIdToken
{
    private const int Half = 32;

    // FIPS 186-4 appendix D.1.2.3: the order of the base point of P-256.
    private static readonly BigInteger Order = new(Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);

    /// <summary>Gives the token's text.</summary>
    public static string Make(JsonElement row, TestBed bed)
    {
        var header = Optional(row, "header") ?? """{"alg":"RS256","kid":"rsa-1","typ":"JWT"}""";
        var signed = $"{TestBed.Encode(header)}.{TestBed.Encode(Optional(row, "payload_text") ?? Payload(row, bed))}";
        var how = Optional(row, "signature") ?? "rs";
        return Change(Optional(row, "text") ?? "", signed, Base64Url.EncodeToString(Sign(how, Encoding.ASCII.GetBytes(signed))));
    }

    private static string? Optional(JsonElement row, string name) => row.TryGetProperty(name, out var member) ? member.GetString() : null;

    private static string Payload(JsonElement row, TestBed bed)
    {
        var claims = bed.Claims();
        foreach (var member in row.TryGetProperty("claims", out var changed) ? changed.EnumerateObject().ToArray() : [])
        {
            claims = member.Value.GetString() is { } json
                ? claims.With(member.Name, json.Replace("UPPERISSUER", bed.Provider.Issuer.ToUpperInvariant(), StringComparison.Ordinal).Replace("ISSUER", bed.Provider.Issuer, StringComparison.Ordinal))
                : claims.Without(member.Name);
        }

        return claims.ToString()[..^1] + Optional(row, "append") + "}";
    }

    private static byte[] Sign(string how, byte[] data) => how.Split('-')[0] switch
    {
        "rs" => SignRsa(how, data),
        "ps" => SigningKey.Rsa1.Sign("PS256", data),
        "es" => SignEcdsa(how, data),
        "hmac" => HMACSHA256.HashData(SecretOf(how), data),
        "empty" => [],
        _ => throw new ArgumentException(how, nameof(how)),
    };

    private static byte[] SecretOf(string how) => how switch
    {
        "hmac-pem" => SigningKey.Rsa1.PublicPem(),
        "hmac-modulus" => Base64Url.DecodeFromChars(SigningKey.Rsa1.Modulus),
        "hmac-jwk" => Encoding.UTF8.GetBytes(SigningKey.Rsa1.Jwk().ToString()),
        _ => [],
    };

    private static byte[] SignRsa(string how, byte[] data)
    {
        var good = SigningKey.Rsa1.Sign("RS256", data);
        return how switch
        {
            "rs" => good,
            "rs-zero" => new byte[good.Length],
            "rs-one" => [.. new byte[good.Length - 1], 1],
            "rs-modulus" => Base64Url.DecodeFromChars(SigningKey.Rsa1.Modulus),
            "rs-short" => good[..^1],
            "rs-long" => [.. good, 0],
            "rs-zero-in-front" => [0, .. good],
            "rs-sha384" => SigningKey.Rsa1.Sign("RS384", data),
            "rs-sha512" => SigningKey.Rsa1.Sign("RS512", data),
            "rs-other-key" => SigningKey.Rsa2.Sign("RS256", data),
            "rs-other-payload" => SigningKey.Rsa1.Sign("RS256", [.. data, 1]),
            _ => throw new ArgumentException(how, nameof(how)),
        };
    }

    private static byte[] SignEcdsa(string how, byte[] data)
    {
        var good = SigningKey.P256.Sign("ES256", data);
        var r = good[..Half];
        var s = good[Half..];
        return how switch
        {
            "es" => good,
            "es-der" => [0x30, 0x44, 0x02, 0x20, .. r, 0x02, 0x20, .. s],
            "es-zeros" => new byte[64],
            "es-ones" => [.. Enumerable.Repeat((byte)0xFF, 64)],
            "es-r-zero" => [.. new byte[Half], .. s],
            "es-s-zero" => [.. r, .. new byte[Half]],
            "es-r-order" => [.. Bytes(Order), .. s],
            "es-s-order" => [.. r, .. Bytes(Order)],
            "es-s-plus-order" => [.. r, .. Bytes((Number(s) + Order) % BigInteger.Pow(2, 256))],
            "es-negated" => [.. r, .. Bytes(Order - Number(s))],
            "es-short" => good[..63],
            "es-long" => [.. good, 0],
            "es-swapped" => [.. s, .. r],
            "es-hex" => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(good)),
            "es-p384" => SigningKey.P384.Sign("ES384", data),
            _ => throw new ArgumentException(how, nameof(how)),
        };
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Bytes(BigInteger value)
    {
        var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[Half - bytes.Length], .. bytes];
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
            "nul-after" => token + "\0",
            "dot-after" => token + ".",
            "dot-before" => "." + token,
            "double-dot" => signed[..dot] + "." + signed[dot..] + "." + signature,
            "four-parts" => token + ".AAAA",
            "five-parts" => token + ".AAAA.AAAA",
            "two-parts" => signed,
            "percent" => token.Replace(".", "%2E", StringComparison.Ordinal),
            "bearer" => "Bearer " + token,
            "quoted" => $"\"{token}\"",
            "full-width-dot" => token.Replace('.', '\uFF0E'),
            "json-serialization" => $$"""{"payload":"{{signed[(dot + 1)..]}}","protected":"{{signed[..dot]}}","signature":"{{signature}}"}""",
            "soft-hyphen" => token[..20] + "\u00AD" + token[20..],
            "long" => signed + new string('A', 16_384) + "." + signature,
            _ => throw new ArgumentException(how, nameof(how)),
        };
    }
}
