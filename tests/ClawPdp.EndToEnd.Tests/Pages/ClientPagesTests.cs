using System.Globalization;
using ClawPdp.Documentation;
using ClawPdp.EndToEnd.Tests.Conformance;

namespace ClawPdp.EndToEnd.Tests.Pages;

/// <summary>What the pages about the clients show in Python and Go, built and run as it stands there.</summary>
public sealed class ClientPagesTests
{
    private static string Clients => Path.Combine(DocumentedBlock.Root, "clients");

    [Fact]
    public async Task Python_Snippets_AskActAndSign()
    {
        var python = ClientProgram.Tool("SUITE_PYTHON");
        await using var shell = await PageShell.StartAsync();
        string[] snippets = [DocumentedBlock.Read("README.md python 1"), DocumentedBlock.Read("docs/clients.md python 1"), DocumentedBlock.Read("clients/python/README.md python 1")];
        foreach (var snippet in snippets)
        {
            // What the snippet leaves open does nothing, and so gives nothing.
            var script = shell.Write("snippet.py", $"import os\nfrom clawpdp import Client\ncst = os.environ['CST']\n{snippet}\nprint('created', create_issue('a', 'b'))\nprint('closed')\n");

            var output = await RunPythonAsync(shell, python, script);

            Assert.Equal("created None\nclosed\n", output);
        }
    }

    [Fact]
    public async Task Python_WatchEpoch_ForgetsEverythingWhenTheStreamEnds()
    {
        var python = ClientProgram.Tool("SUITE_PYTHON");
        await using var shell = await PageShell.StartAsync();
        var script = shell.Write("watch.py", $$"""
            import itertools, os
            import grpc
            from clawpdp.v1 import decision_service_pb2 as pb, decision_service_pb2_grpc

            class Stub:
                def WatchEpoch(self, request):
                    for message in itertools.islice(decision_service_pb2_grpc.DecisionServiceStub(grpc.insecure_channel(os.environ["CLAWPDP_ADDRESS"])).WatchEpoch(request), 1):
                        yield message
                        print("told", epoch == message.epoch != 0)

            stub = Stub()
            {{DocumentedBlock.Read("docs/policy/explain.md python 1")}}
            print("kept", kept, epoch)
            """);

        Assert.Equal("told True\nkept {} 0\n", await RunPythonAsync(shell, python, script));
    }

    [Fact]
    public async Task Go_Snippets_AskActAndSign()
    {
        var go = ClientProgram.Tool("SUITE_GO");
        await using var shell = await PageShell.StartAsync();
        string[] snippets = [DocumentedBlock.Read("README.md go 1"), DocumentedBlock.Read("docs/clients.md go 1"), DocumentedBlock.Read("clients/go/README.md go 1")];
        var root = Path.Combine(shell.Folder, "go");
        var module = Path.Combine(root, "src", "github.com", "clawpdp", "clawpdp", "clients");
        Directory.CreateDirectory(module);
        Directory.CreateSymbolicLink(Path.Combine(module, "go"), Path.Combine(Clients, "go"));
        var functions = string.Concat(snippets.Select(static (snippet, index) => string.Create(CultureInfo.InvariantCulture, $"func snippet{index}(ctx context.Context) error {{\n{snippet}\nreturn err\n}}\n")));
        shell.Write("go/src/snippets/main.go", $$"""
            package main

            import (
                "context"
                "fmt"
                "os"

                clawpdp "github.com/clawpdp/clawpdp/clients/go"
            )

            var cst, args = os.Getenv("CST"), map[string]string{"title": "A bug"}

            func createIssue(context.Context, map[string]string) error {
                fmt.Println("created")
                return nil
            }

            {{functions}}
            func main() {
                fmt.Println(snippet0(context.Background()), snippet1(context.Background()), snippet2(context.Background()))
            }
            """);
        KeyValuePair<string, string>[] environment = [new("GO111MODULE", "off"), new("GOPATH", root + ":/usr/share/gocode"), new("CGO_ENABLED", "0"), new("GOFLAGS", "")];
        await ClientProgram.RunAsync(go, ["build", "-o", Path.Combine(root, "snippets"), "snippets"], environment);

        var output = await shell.RunAsync("go/snippets", ("CST", await shell.IssueAsync()), ("CLAWPDP_ADDRESS", shell.Authority));

        Assert.Equal("created\ncreated\ncreated\n<nil> <nil> <nil>\n", output);
    }

    private static async Task<string> RunPythonAsync(PageShell shell, string python, string script) => await shell.RunAsync(
        $"'{python}' -B '{script}'", ("CST", await shell.IssueAsync()), ("CLAWPDP_ADDRESS", shell.Authority), ("PYTHONPATH", Path.Combine(Clients, "python", "src")));
}
