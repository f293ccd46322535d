namespace ClawPdp.Architecture.Tests;

/// <summary>What docs/clients.md shows of holder's keys are lines of the examples, which each client's tests run.</summary>
public sealed class ClientsPageTests
{
    [Theory]
    [InlineData("csharp", "clients/csharp/Examples/HolderExample.cs")]
    [InlineData("python", "clients/python/examples/holder.py")]
    [InlineData("ts", "clients/typescript/examples/holder.ts")]
    [InlineData("go", "clients/go/examples/holder/main.go")]
    public void Snippet_OfAHoldersKey_IsOfTheExample(string language, string example)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "clients.md"));
        var section = page.Split("\n## ").Single(static part => part.StartsWith("Tokens that are bound to a key\n", StringComparison.Ordinal));
        var snippet = section.Split($"```{language}\n")[1].Split("\n```")[0];
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, example)).Select(static line => line.Trim()).ToHashSet(StringComparer.Ordinal);

        Assert.All(snippet.Split('\n'), line => Assert.Contains(line.Trim(), lines));
    }
}
