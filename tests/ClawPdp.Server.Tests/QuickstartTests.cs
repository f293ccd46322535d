using System.Diagnostics;
using ClawPdp.Documentation;

namespace ClawPdp.Server.Tests;

/// <summary>The C# snippet of the README: a program of its own, built from the protos alone.</summary>
[Trait("Door", "published")]
public sealed class QuickstartTests : IClassFixture<RunningSidecar>
{
    private readonly RunningSidecar _sidecar;

    public QuickstartTests(RunningSidecar sidecar) => _sidecar = sidecar;

    [Fact]
    public void Readme_ShowsTheProgramAsItIs()
    {
        var program = File.ReadAllText(Path.Combine(DocumentedBlock.Root, "clients", "csharp", "Quickstart", "Program.cs"));

        Assert.Equal(program, DocumentedBlock.Read("README.md csharp 2"));
    }

    [Theory]
    [InlineData("github", 0, "allowed")]
    [InlineData("splunk", 1, "denied: ToolNotAllowed")]
    public async Task Program_AsksTheSidecar(string tool, int code, string output)
    {
        Assert.Equal((code, true), await RunAsync(_sidecar.GrpcAddress, tool, output));
    }

    [Fact]
    public async Task Program_WithoutSidecar_IsDenied() => Assert.Equal((1, true), await RunAsync("http://127.0.0.1:1", "github", "denied: no answer"));

    private async Task<(int Code, bool SaysIt)> RunAsync(string address, string tool, string output)
    {
        var token = Path.Combine(_sidecar.Installation.Directory, "quickstart.cst");
        await File.WriteAllTextAsync(token, await _sidecar.TokenOfAsync("alice"));
        var assembly = Path.Combine(AppContext.BaseDirectory.Replace("ClawPdp.Server.Tests", "Quickstart", StringComparison.Ordinal), "Quickstart.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [assembly, address, token, tool]) { UseShellExecute = false, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("not started");
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return (process.ExitCode, said.Contains(output, StringComparison.Ordinal));
    }
}
