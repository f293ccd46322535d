using System.Diagnostics;
using System.Globalization;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary><c>clawpdp mcp-guard</c> before a small server over standard streams, which keeps what reaches it.</summary>
internal sealed class GuardedServer : IAsyncDisposable
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(20);

    private readonly MatrixPlace _place;
    private readonly Process _process;
    private int _id;
    private int _done;

    /// <param name="place">Where it asks, and whose token it shows.</param>
    public GuardedServer(MatrixPlace place)
    {
        _place = place;
        var server = Path.Combine(MatrixClients.Folder, "mcp-server.sh");
        var start = new ProcessStartInfo(PublishedSidecar.Binary, ["mcp-guard", "--name", "files", "--token-file", place.TokenPath, "--server", place.Grpc, "--", "/bin/sh", server, place.CallsPath])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("cannot be started");
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
    }

    /// <summary>Calls a tool. What reached the server counts as allowed, whatever its client is told.</summary>
    public async Task<string> CallAsync()
    {
        var id = ++_id;
        await _process.StandardInput.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"method":"tools/call","params":{"name":"read","arguments":{}}}"""));
        await _process.StandardInput.FlushAsync();
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(AnswerMax) ?? throw new InvalidOperationException("the guard has ended");
        var reached = File.Exists(_place.CallsPath) ? (await File.ReadAllLinesAsync(_place.CallsPath)).Length : 0;
        var answer = System.Text.Encoding.UTF8.GetBytes(line);
        if (reached > _done || MatrixWords.Member(answer, "result").Length > 0)
        {
            _done = reached;
            return MatrixDoor.Allowed;
        }

        Assert.Equal(id.ToString(CultureInfo.InvariantCulture), MatrixWords.Member(answer, "id"));
        return MatrixWords.Member(answer, "error", "data", "reason");
    }

    public async ValueTask DisposeAsync()
    {
        // The server ends with its client.
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(AnswerMax);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
