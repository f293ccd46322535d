using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Identity.Tokens;
using Microsoft.IdentityModel.Tokens;

namespace ClawPdp.Identity.Keys;

/// <summary>
/// Reads a JWK Set (RFC 7517 section 5), keeps the keys that can verify ID tokens and passes over the others.
/// </summary>
internal static class KeySetReader
{
    private const int KeyCountMax = 100;
    private const int KeyIdLengthMax = 255;
    private const int ModulusBitsMin = 2048;
    private const int ModulusBitsMax = 8192;
    private const int ExponentBytesMax = 8;

    public static Result<KeySet> Read(ReadOnlySpan<byte> utf8)
    {
        if (!StrictJson.TryParseObject(utf8, out var root)
            || !root.TryGetProperty("keys", out var entries)
            || entries.ValueKind != JsonValueKind.Array)
        {
            return Result.Invalid<KeySet>("", "the key document is not a JWK set");
        }

        if (entries.GetArrayLength() > KeyCountMax)
        {
            return Result.Invalid<KeySet>("", "the key document has more than 100 keys");
        }

        var keys = ImmutableArray.CreateBuilder<VerificationKey>();
        var ignoredCount = 0;
        foreach (var entry in entries.EnumerateArray())
        {
            var key = ReadKey(entry);
            if (key is null)
            {
                ignoredCount++;
            }
            else if (!keys.Any(key.IsSameAs))
            {
                keys.Add(key);
            }
        }

        return keys.Count == 0
            ? Result.Invalid<KeySet>("", "the key document has no usable key")
            : Result.Valid(new KeySet(keys.ToImmutable(), ignoredCount));
    }

    private static VerificationKey? ReadKey(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object || Parse(entry) is not { } parsed || !IsForVerifying(parsed))
        {
            return null;
        }

        return parsed.Kty switch
        {
            JsonWebAlgorithmsKeyTypes.RSA => ReadRsa(parsed),
            JsonWebAlgorithmsKeyTypes.EllipticCurve => ReadEllipticCurve(parsed),
            _ => null,
        };
    }

    private static JsonWebKey? Parse(JsonElement entry)
    {
        try
        {
            return new JsonWebKey(entry.GetRawText());
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // A key whose private part was published is anybody's key.
    private static bool IsForVerifying(JsonWebKey key) =>
        key.Kid is { Length: > 0 and <= KeyIdLengthMax }
        && (key.Use is null || string.Equals(key.Use, JsonWebKeyUseNames.Sig, StringComparison.Ordinal))
        && (key.KeyOps.Count == 0 || key.KeyOps.Contains("verify", StringComparer.Ordinal))
        && string.IsNullOrEmpty(key.D)
        && string.IsNullOrEmpty(key.K);

    private static VerificationKey? ReadRsa(JsonWebKey key)
    {
        if (!Base64UrlText.TryDecode(key.N, out var modulus)
            || !Base64UrlText.TryDecode(key.E, out var exponent)
            || exponent.Length is 0 or > ExponentBytesMax)
        {
            return null;
        }

        var unsigned = new ReadOnlySpan<byte>(modulus).TrimStart((byte)0);
        var bits = unsigned.IsEmpty ? 0 : (unsigned.Length * 8) - byte.LeadingZeroCount(unsigned[0]);
        if (bits is < ModulusBitsMin or > ModulusBitsMax || !IsExponent(exponent))
        {
            return null;
        }

        return Imports(() => RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent }))
            ? new VerificationKey(new JsonWebKey { Kty = key.Kty, Kid = key.Kid, N = key.N, E = key.E }, "RSA", key.Alg)
            : null;
    }

    // RFC 8017 section 3.1: odd and at least 3. With 1 every message is its own signature.
    private static bool IsExponent(byte[] exponent)
    {
        var unsigned = new ReadOnlySpan<byte>(exponent).TrimStart((byte)0);
        return !unsigned.IsEmpty && (unsigned[^1] & 1) == 1 && (unsigned.Length > 1 || unsigned[0] >= 3);
    }

    private static VerificationKey? ReadEllipticCurve(JsonWebKey key)
    {
        (ECCurve Curve, int Size)? known = key.Crv switch
        {
            JsonWebKeyECTypes.P256 => (ECCurve.NamedCurves.nistP256, 32),
            JsonWebKeyECTypes.P384 => (ECCurve.NamedCurves.nistP384, 48),
            JsonWebKeyECTypes.P521 => (ECCurve.NamedCurves.nistP521, 66),
            _ => null,
        };
        if (known is not { } curve
            || !Base64UrlText.TryDecode(key.X, out var x)
            || !Base64UrlText.TryDecode(key.Y, out var y)
            || x.Length != curve.Size
            || y.Length != curve.Size)
        {
            return null;
        }

        // The import refuses a point that is not on the curve.
        var parameters = new ECParameters { Curve = curve.Curve, Q = new ECPoint { X = x, Y = y } };
        return Imports(() => ECDsa.Create(parameters))
            ? new VerificationKey(
                new JsonWebKey { Kty = key.Kty, Kid = key.Kid, Crv = key.Crv, X = key.X, Y = key.Y }, key.Crv, key.Alg)
            : null;
    }

    private static bool Imports(Func<AsymmetricAlgorithm> create)
    {
        try
        {
            using var imported = create();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
