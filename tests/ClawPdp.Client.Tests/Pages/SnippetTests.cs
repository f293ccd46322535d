using ClawPdp.Documentation;

namespace ClawPdp.Client.Tests.Pages;

/// <summary>The pages show C# that is compiled and run here, line for line.</summary>
public sealed class SnippetTests : IAsyncLifetime
{
    private readonly ScriptedPeer _peer = new();

    public async ValueTask InitializeAsync()
    {
        await _peer.InitializeAsync();
        _peer.Steps["github"] = _peer.Steps["github/create_issue"] = [ScriptedPeer.Step(ScriptedPeer.Allow())];

        // The snippets name no address; every other test does.
        Environment.SetEnvironmentVariable(ClawPdpClientOptions.AddressVariable, _peer.Address);
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable(ClawPdpClientOptions.AddressVariable, null);
        await _peer.DisposeAsync();
    }

    [Theory]
    [InlineData("README.md csharp 1", nameof(GuardedAction))]
    [InlineData("docs/clients.md csharp 1", nameof(GuardedAction))]
    [InlineData("clients/csharp/ClawPdp.Client/README.md csharp 1", nameof(GuardedResult))]
    public void Snippet_OfAPage_IsTheCodeThatRunsHere(string block, string name)
    {
        var code = File.ReadAllText(Path.Combine(DocumentedBlock.Root, "tests", "ClawPdp.Client.Tests", "Pages", name + ".cs"));

        Assert.Contains(Trimmed(DocumentedBlock.Read(block)), Trimmed(code), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GuardedAction_Allowed_LeavesAReceipt()
    {
        await GuardedAction.PerformAsync("token", "{}");

        Assert.Equal("github", Assert.Single(_peer.Receipts).ToolCall.ToolName);
    }

    [Fact]
    public async Task GuardedResult_Allowed_LeavesAReceiptOfTheResult()
    {
        Assert.Equal("""{"a":1}""", await GuardedResult.PerformAsync("token", """{"a":1}"""));

        Assert.Equal(Digest.OfJson("""{"a":1}"""), Assert.Single(_peer.Receipts).ToolCall.ResultHashB64U);
    }

    private static string Trimmed(string code) => string.Concat(code.Split('\n')
        .Select(static line => line.Trim()).Where(static line => line.Length > 0 && !(line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('=', StringComparison.Ordinal))).Select(static line => line + "\n"));
}
