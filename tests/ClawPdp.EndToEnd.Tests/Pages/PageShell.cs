using System.Text.Json.Nodes;
using ClawPdp.V1;

namespace ClawPdp.EndToEnd.Tests.Pages;

/// <summary>A running sidecar, a token of it, and a folder in which the commands of a page are run by bash as they stand there, but for addresses and paths of this machine.</summary>
internal sealed class PageShell : IAsyncDisposable
{
    /// <summary>What stands in the scripts for the installation's data.</summary>
    public const string DataDefault = "/var/lib/clawpdp";

    private const string GrpcDefault = "http://127.0.0.1:7080";
    private const string Command = "clawpdp() { \"$CLAWPDP\" \"$@\"; }\n";

    private readonly LocalIssuer _issuer;

    private PageShell(LocalIssuer issuer, PublishedSidecar sidecar, string folder)
    {
        _issuer = issuer;
        Sidecar = sidecar;
        Folder = folder;
    }

    /// <summary>Gets the sidecar.</summary>
    public PublishedSidecar Sidecar { get; }

    /// <summary>Gets the folder in which the commands are run.</summary>
    public string Folder { get; }

    /// <summary>Gets host and port of gRPC.</summary>
    public string Authority => Sidecar.Address["http://".Length..];

    /// <summary>Starts it.</summary>
    /// <param name="policy">The member <c>policy</c> of the configuration; <see langword="null"/> for none.</param>
    public static async Task<PageShell> StartAsync(JsonObject? policy = null)
    {
        Assert.NotEmpty(PublishedSidecar.Binary);
        var issuer = new LocalIssuer();
        var directory = PublishedSidecar.Configure(issuer.Url);
        try
        {
            var config = Path.Combine(directory, "clawpdp.json");
            var root = JsonNode.Parse(await File.ReadAllTextAsync(config))?.AsObject() ?? throw new InvalidOperationException("no configuration");
            root["policy"] = policy ?? new JsonObject();
            await File.WriteAllTextAsync(config, root.ToJsonString());
            return new PageShell(issuer, await PublishedSidecar.StartAsync(directory), Directory.CreateTempSubdirectory("clawpdp-pages-").FullName);
        }
        catch
        {
            await issuer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives a token of alice's agent.</summary>
    public async Task<string> IssueAsync(string agentDid = PublishedSidecar.AgentDid)
    {
        var response = await Sidecar.IssueAsync(_issuer.Mint(), agentDid);
        Assert.True(response.OutcomeCase == IssueCstResponse.OutcomeOneofCase.Issued, response.Refusal?.Message);
        return response.Issued.Cst;
    }

    /// <summary>Writes a file that the commands of a page name.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? Folder);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Reads a file that the commands of a page wrote.</summary>
    public string Read(string name) => File.ReadAllText(Path.Combine(Folder, name));

    /// <summary>Runs a script; it stops at the first command that fails.</summary>
    public async Task<(int Code, string Output)> TryAsync(string script, params (string Name, string Value)[] environment) => await RunAsync(
        script.Replace(DataDefault, Sidecar.Data, StringComparison.Ordinal).Replace(GrpcDefault, Sidecar.Address, StringComparison.Ordinal),
        Folder,
        [("DATA", Sidecar.Data), ("CLAWPDP_ADMIN_ADDRESS", Sidecar.Address), ("AGENT_DID", PublishedSidecar.AgentDid), .. environment]);

    /// <summary>Runs a script, of which every command must succeed, and gives what it wrote.</summary>
    public async Task<string> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        var (code, output) = await TryAsync(script, environment);
        Assert.True(code == 0, $"{script}\n{output}");
        return output;
    }

    /// <summary>Runs a script with no sidecar.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string script, string folder, params (string Name, string Value)[] environment)
    {
        await using var process = ChildProcess.Launch("bash", ["-euo", "pipefail", "-c", $"cd '{folder}'\n{Command}{script}"], "\0", [
            new("CLAWPDP", PublishedSidecar.Binary),
            .. environment.Select(static pair => KeyValuePair.Create(pair.Name, pair.Value)),
        ]);
        return (await process.EndOrKillAsync(TimeSpan.FromSeconds(60)), process.Output);
    }

    public async ValueTask DisposeAsync()
    {
        await Sidecar.DisposeAsync();
        await _issuer.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
