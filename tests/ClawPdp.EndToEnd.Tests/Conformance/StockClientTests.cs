namespace ClawPdp.EndToEnd.Tests.Conformance;

/// <summary>Authorize as the stock clients of four languages see it: each case comes to the same in each.</summary>
public sealed class StockClientTests : IClassFixture<ConformanceSidecar>
{
    private static readonly ExpectedRows Expected = ExpectedRows.Read("stock-expected.tsv");

    private readonly ConformanceSidecar _sidecar;

    public StockClientTests(ConformanceSidecar sidecar) => _sidecar = sidecar;

    public static TheoryData<string> Cases => [.. Expected.Cases];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task CSharp(string name) => CheckAsync(name, nameof(CSharp), static sidecar => new CSharpClient(sidecar).RunAsync());

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Python(string name) => CheckAsync(name, nameof(Python), ClientProgram.RunPythonAsync);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Node(string name) => CheckAsync(name, nameof(Node), ClientProgram.RunNodeAsync);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Go(string name) => CheckAsync(name, nameof(Go), ClientProgram.RunGoAsync);

    private async Task CheckAsync(string name, string client, Func<ConformanceSidecar, Task<IReadOnlyList<CallRow>>> call)
    {
        var run = await _sidecar.RunOnceAsync(client, call);

        // Each client words its own deadline; what the sidecar said is compared.
        Expected.Check(name, [.. run.Select(static row => row.Status == "DEADLINE_EXCEEDED" ? row with { Message = "" } : row)]);
        Assert.All(run, static row => Assert.Contains(row.Case, Expected.Cases));
    }
}
