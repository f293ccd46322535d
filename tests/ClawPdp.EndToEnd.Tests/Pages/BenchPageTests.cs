using ClawPdp.Documentation;

namespace ClawPdp.EndToEnd.Tests.Pages;

/// <summary>The commands of docs/bench.md as they stand there, for a shorter time.</summary>
public sealed class BenchPageTests
{
    // Every run of the page says for how long, or is told.
    private const string Shortly = """
        clawpdp() {
          case "$1 $2" in
            'bench run' | 'bench raw')
              case " $* " in *' --seconds '*) set -- "$@" --warm-up 50ms ;; *) set -- "$@" --warm-up 50ms --seconds 0.2 ;; esac ;;
          esac
          "$CLAWPDP" "$@"
        }

        """;

    [Fact]
    public async Task Page_Commands_MeasureARunningSidecar()
    {
        await using var shell = await PageShell.StartAsync();
        var token = shell.Write("alice.cst", await shell.IssueAsync());
        (string, string)[] names = [("S", shell.Sidecar.Address), ("T", token)];

        var runs = await shell.RunAsync(Shortly + Adapted("docs/bench.md sh 2", token).Replace(" --max-ratio 1.05", " --max-ratio 1000", StringComparison.Ordinal));
        var raw = await shell.RunAsync(Shortly + DocumentedBlock.Read("docs/bench.md sh 5"), names);
        var rounds = await shell.RunAsync(Shortly + DocumentedBlock.Read("docs/bench.md sh 6").Replace("--seconds 2", "--seconds 0.1", StringComparison.Ordinal), names);

        Assert.Equal(8, runs.Split("errors                 0, in the warm-up 0").Length - 1);
        Assert.Contains("/grpc.health.v1.Health/Check", raw, StringComparison.Ordinal);
        Assert.Contains("p50", rounds, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_FirstSuccess_MeasuresTheDemo()
    {
        var folder = Directory.CreateTempSubdirectory("clawpdp-pages-").FullName;
        var home = Path.Combine(folder, "demo");
        var lines = DocumentedBlock.Read("docs/bench.md sh 1").Replace("/tmp/clawpdp-demo", home, StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await using var demo = ChildProcess.Launch("bash", ["-euc", "clawpdp() { exec \"$CLAWPDP\" \"$@\"; }\n" + lines[0].Replace(" &", "", StringComparison.Ordinal)], "Ctrl-C ends it", [new("CLAWPDP", PublishedSidecar.Binary)]);
        await demo.ReadyAsync();
        var server = ValueOf(demo.Output, "sidecar, gRPC");
        var issuer = ValueOf(demo.Output, "identity provider");

        var (code, first) = await PageShell.RunAsync(Shortly + lines[1].Replace("http://127.0.0.1:7080", server, StringComparison.Ordinal), folder);
        var (issued, cold) = await PageShell.RunAsync(DocumentedBlock.Read("docs/bench.md sh 3").Replace("--issue 1000", "--issue 50 --warm-up 50ms", StringComparison.Ordinal), folder, ("S", server), ("ISSUER", issuer));
        var (proven, bound) = await PageShell.RunAsync(Shortly + DocumentedBlock.Read("docs/bench.md sh 4"), folder, ("S", server));
        var summary = Assert.Single(demo.Output.Split('\n'), static line => line.StartsWith("demo: ", StringComparison.Ordinal)).Trim();
        await demo.KillAsync();
        Directory.Delete(folder, recursive: true);

        Assert.Contains($"`{summary}`", DocumentedPages.TextOf("README.md"), StringComparison.Ordinal);
        Assert.True(code == 0, first);
        Assert.True(issued == 0, cold);
        Assert.True(proven == 0, bound);
        Assert.Contains("proof, in it", bound, StringComparison.Ordinal);
        Assert.Contains("49 in ", cold, StringComparison.Ordinal);
    }

    private static string Adapted(string block, string token) => DocumentedBlock.Read(block).Replace("/tmp/clawpdp-demo/alice.cst", token, StringComparison.Ordinal);

    private static string ValueOf(string output, string name) =>
        Assert.Single(output.Split('\n'), line => line.TrimStart().StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1].Trim();
}
