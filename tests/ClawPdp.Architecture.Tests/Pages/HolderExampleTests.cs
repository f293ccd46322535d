using ClawPdp.Documentation;

namespace ClawPdp.Architecture.Tests.Pages;

/// <summary>What docs/clients.md shows of holders' keys are lines of the examples, which the tests of each client run against a sidecar.</summary>
public sealed class HolderExampleTests
{
    [Theory]
    [InlineData("docs/clients.md csharp 2", "clients/csharp/Examples/HolderExample.cs")]
    [InlineData("docs/clients.md python 2", "clients/python/examples/holder.py")]
    [InlineData("docs/clients.md ts 2", "clients/typescript/examples/holder.ts")]
    [InlineData("docs/clients.md go 2", "clients/go/examples/holder/main.go")]
    public void Snippet_OfAHoldersKey_IsOfTheExample(string block, string example)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, example)).Select(static line => line.Trim()).ToHashSet(StringComparer.Ordinal);

        Assert.All(DocumentedBlock.Read(block).TrimEnd().Split('\n'), line => Assert.Contains(line.Trim(), lines));
    }
}
