using ClawPdp.Client;
using ClawPdp.V1;

namespace ClawPdp.Examples;

/// <summary>Acts with a token that nobody else can use; <c>clawpdp holder-key new --out KEY</c> makes the key.</summary>
public static class HolderExample
{
    /// <summary>Gets a child of a token, bound to a key, and asks with and without the key.</summary>
    public static async Task RunAsync(string address, string parent, string keyFile)
    {
        using var key = HolderKey.Parse(await File.ReadAllTextAsync(keyFile));
        var bound = await IssueAsync(address, parent, key);
        var options = ClawPdpClientOptions.WithToken(bound) with { Address = address, HolderKey = key };
        await using var client = new ClawPdpClient(options);
        Console.WriteLine($"with the key: {(await client.AuthorizeAsync(AgentAction.CallTool("github"))).Reason}");
        await using var stranger = new ClawPdpClient(options with { HolderKey = null });
        Console.WriteLine($"without it: {(await stranger.AuthorizeAsync(AgentAction.CallTool("github"))).Reason}");
    }

    private static async Task<string> IssueAsync(string address, string parent, HolderKey key)
    {
        await using var client = new ClawPdpClient(ClawPdpClientOptions.WithToken(parent) with { Address = address });
        var request = new IssueCstRequest
        {
            ParentCst = parent,
            AgentDid = "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw",
            Audiences = { "clawpdp" },
            Holder = new TokenHolder { JwkThumbprint = key.Thumbprint },
        };
        var answer = await new TokenService.TokenServiceClient(client.Channel).IssueCstAsync(request);
        return answer.Issued?.Cst ?? throw new InvalidOperationException(answer.Refusal?.Message);
    }
}
