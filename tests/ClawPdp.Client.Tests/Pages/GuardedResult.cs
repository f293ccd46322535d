namespace ClawPdp.Client.Tests.Pages;

/// <summary>What the page of the C# client shows, around which stands what it leaves open.</summary>
internal static class GuardedResult
{
    public static async Task<string> PerformAsync(string cst, string argumentsJson)
    {
        await using var client = new ClawPdpClient(ClawPdpClientOptions.WithToken(cst));
        var text = await client.RunAsync(
            AgentAction.CallTool("github/create_issue", argumentsJson),
            cancellation => CreateIssueAsync(argumentsJson, cancellation),
            result => Digest.OfJson(result));
        return text;
    }

    private static async Task<string> CreateIssueAsync(string argumentsJson, CancellationToken cancellation)
    {
        await Task.Delay(0, cancellation);
        return argumentsJson;
    }
}
