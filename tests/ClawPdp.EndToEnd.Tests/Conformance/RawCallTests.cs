using System.Globalization;
using ClawPdp.V1;

namespace ClawPdp.EndToEnd.Tests.Conformance;

/// <summary>Authorize on the wire, byte for byte: bodies, frames, headers and deadlines that no stock client sends.</summary>
public sealed class RawCallTests : IClassFixture<ConformanceSidecar>
{
    private static readonly ExpectedRows Expected = ExpectedRows.Read("raw-expected.tsv");

    private readonly ConformanceSidecar _sidecar;

    public RawCallTests(ConformanceSidecar sidecar) => _sidecar = sidecar;

    public static TheoryData<string> Cases => [.. Expected.Cases];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Call(string name)
    {
        var run = await _sidecar.RunOnceAsync(nameof(Call), ClientProgram.RunRawAsync);

        Expected.Check(name, [.. run.Select(Named)]);
        Assert.All(run, static row => Assert.Contains(row.Case, Expected.Cases));
    }

    // The client knows numbers alone, so that it shares nothing with what it tests.
    private static CallRow Named(CallRow row) => row.Detail.Split(' ') is [var effect, var reason]
        ? row with { Detail = $"{(Effect)int.Parse(effect, CultureInfo.InvariantCulture)} {(ReasonCode)int.Parse(reason, CultureInfo.InvariantCulture)}" }
        : row;
}
