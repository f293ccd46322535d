using ClawPdp.EndToEnd.Tests.Conformance;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>The programs that ask in other languages: each is built once, and one process of it serves all rows.</summary>
public sealed class MatrixClients : IAsyncDisposable
{
    private readonly string _workshop = Directory.CreateTempSubdirectory("clawpdp-matrix-").FullName;
    private readonly Dictionary<MatrixLanguage, Task<ClientProcess>> _started = [];
    private readonly Lock _starting = new();

    /// <summary>Gets the folder of the programs' sources.</summary>
    internal static string Folder => Path.Combine(MatrixPage.Root, "tests", "ClawPdp.EndToEnd.Tests", "Matrix", "clients");

    private static string Clients => Path.Combine(MatrixPage.Root, "clients");

    private static KeyValuePair<string, string> Agent => new("AGENT_DID", PublishedSidecar.AgentDid);

    /// <summary>Skips the test where a language is missing: a table without a column is none.</summary>
    internal static void Require()
    {
        _ = PublishedSidecar.Binary;
        _ = ClientProgram.Tool("SUITE_PYTHON");
        _ = ClientProgram.Tool("SUITE_GO");
        Assert.SkipUnless(Directory.Exists(Path.Combine(Clients, "typescript", "node_modules")), "clients/typescript has no packages; ./test.sh installs them");
    }

    /// <summary>Asks by the client of a language.</summary>
    /// <param name="language">The language.</param>
    /// <param name="verb">What to ask; the programs say what there is.</param>
    /// <param name="address">Host and port.</param>
    /// <param name="path">The file with what is shown.</param>
    internal async Task<string> AskAsync(MatrixLanguage language, string verb, string address, string path) =>
        await (await FindAsync(language)).AskAsync(verb, address, path);

    /// <summary>Ends the clients that show a file.</summary>
    internal Task DropAsync(params string[] paths) =>
        Task.WhenAll(_started.Where(static pair => pair.Value.IsCompletedSuccessfully).SelectMany(pair => paths.Select(path => AskAsync(pair.Key, "drop", "", path))));

    /// <summary>Starts all.</summary>
    internal Task StartAsync() => Task.WhenAll(Enum.GetValues<MatrixLanguage>().Select(FindAsync));

    public async ValueTask DisposeAsync()
    {
        foreach (var started in _started.Values)
        {
            if (started.IsCompletedSuccessfully)
            {
                await (await started).DisposeAsync();
            }
        }

        Directory.Delete(_workshop, recursive: true);
    }

    private Task<ClientProcess> FindAsync(MatrixLanguage language)
    {
        lock (_starting)
        {
            if (!_started.TryGetValue(language, out var started))
            {
                _started[language] = started = language switch
                {
                    MatrixLanguage.Python => Task.FromResult(StartPython()),
                    MatrixLanguage.TypeScript => StartNodeAsync(),
                    _ => StartGoAsync(),
                };
            }

            return started;
        }
    }

    private static ClientProcess StartPython() => new(
        ClientProgram.Tool("SUITE_PYTHON"),
        [Path.Combine(Folder, "matrix_client.py")],
        Agent,
        new("PYTHONPATH", Path.Combine(Clients, "python", "src")),
        new("PYTHONDONTWRITEBYTECODE", "1"));

    // The client's own tests check its types.
    private async Task<ClientProcess> StartNodeAsync()
    {
        var (source, target) = (Path.Combine(Clients, "typescript"), Path.Combine(_workshop, "typescript"));
        await ClientProgram.RunAsync("node", [Path.Combine(source, "node_modules", "typescript", "bin", "tsc"), "-p", Path.Combine(source, "tsconfig.json"), "--outDir", target, "--noCheck", "--declaration", "false"]);
        File.CreateSymbolicLink(Path.Combine(target, "node_modules"), Path.Combine(source, "node_modules"));
        await File.WriteAllTextAsync(Path.Combine(target, "package.json"), """{ "type": "module" }""");
        return new ClientProcess("node", [Path.Combine(Folder, "matrix_client.mjs"), target], Agent);
    }

    private async Task<ClientProcess> StartGoAsync()
    {
        var root = Path.Combine(_workshop, "go");
        var module = Directory.CreateDirectory(Path.Combine(root, "src", "github.com", "clawpdp", "clawpdp", "clients"));
        var program = Directory.CreateDirectory(Path.Combine(root, "src", "matrix_client"));
        Directory.CreateSymbolicLink(Path.Combine(module.FullName, "go"), Path.Combine(Clients, "go"));
        File.Copy(Path.Combine(Folder, "matrix_client.go"), Path.Combine(program.FullName, "main.go"));
        KeyValuePair<string, string>[] environment = [new("GO111MODULE", "off"), new("GOPATH", root + ":/usr/share/gocode"), new("CGO_ENABLED", "0"), new("GOFLAGS", "")];
        await ClientProgram.RunAsync(ClientProgram.Tool("SUITE_GO"), ["build", "-o", Path.Combine(root, "client"), "matrix_client"], environment);
        return new ClientProcess(Path.Combine(root, "client"), [], Agent);
    }
}
