using ClawPdp.Identity.Tests.Stubs;
using CsCheck;

namespace ClawPdp.Identity.Tests;

public sealed class IdTokenPropertyTests
{
    private static readonly Gen<string> Json = Gen.Recursive<string>(
        static (depth, inner) => depth > 3 ? Leaf : Gen.OneOf(Leaf, ArrayOf(inner), ObjectOf(inner)));

    private static Gen<string> Leaf => Gen.OneOf(
        Gen.Const("null"),
        Gen.Const("true"),
        Gen.Long.Select(static number => TestBed.Seconds(number)),
        Gen.Int[-5, 400].Select(static exponent => $"1.5e{exponent}"),
        Gen.String[Gen.Char.AlphaNumeric, 0, 12].Select(static text => $"\"{text}\""),
        OneOfThese("\"\\ud800\"", "\"\\u0000\"", "\"\\u00e9\"", "\"client-1\"", "\"groups\""));

    [Fact]
    public async Task Validate_AnyText_IsRefusedWithAReason()
    {
        await using var bed = await TestBed.StartAsync();
        var text = Gen.OneOf(
            Gen.String,
            Gen.String[OneOfThese('.', 'A', 'e', 'y', '0', '-', '_', '=', ' '), 0, 60],
            Gen.Select(Json, Json).Select(static (header, payload) => TestBed.Token(header, payload, static _ => new byte[64])));

        await text.SampleAsync(
            async token => Assert.NotEqual(IdentityFailure.InternalError, await bed.RefusalAsync(token)), iter: 500, threads: 1);
    }

    [Fact]
    public async Task Validate_AnyValueOfAnySignedClaim_IsNeverAnInternalError()
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.Keys = [SigningKey.P256.Jwk()];
        var claim = OneOfThese("iss", "sub", "aud", "azp", "exp", "nbf", "iat", "jti", "groups", "_claim_names", "hasgroups", "x");

        await Gen.Select(claim, Json).SampleAsync(
            async sample =>
            {
                var result = await bed.ValidateAsync(TestBed.Sign(bed.Claims().With(sample.Item1, sample.Item2), SigningKey.P256, "ES256"));
                Assert.NotEqual(IdentityFailure.InternalError, (result as IdentityRefusal)?.Code);
            },
            iter: 500,
            threads: 1);
    }

    private static Gen<T> OneOfThese<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static Gen<string> ArrayOf(Gen<string> item) => item.Array[0, 3].Select(static items => $"[{string.Join(',', items)}]");

    private static Gen<string> ObjectOf(Gen<string> item) => Gen
        .Select(OneOfThese("alg", "kid", "iss", "groups", "a", "a"), item)
        .Array[0, 3]
        .Select(static members => $"{{{string.Join(',', members.Select(member => $"\"{member.Item1}\":{member.Item2}"))}}}");
}
