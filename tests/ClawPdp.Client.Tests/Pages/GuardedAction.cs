namespace ClawPdp.Client.Tests.Pages;

/// <summary>What README.md and docs/clients.md show, around which stands what they leave open.</summary>
internal static class GuardedAction
{
    public static async Task PerformAsync(string cst, string argumentsJson)
    {
        await using var client = new ClawPdpClient(ClawPdpClientOptions.WithToken(cst));
        await client.RunAsync(AgentAction.CallTool("github", argumentsJson), cancellation => CreateIssueAsync(argumentsJson, cancellation));
    }

    private static Task CreateIssueAsync(string argumentsJson, CancellationToken cancellation) =>
        argumentsJson.Length > 0 ? Task.Delay(0, cancellation) : throw new ArgumentException("no arguments", nameof(argumentsJson));
}
