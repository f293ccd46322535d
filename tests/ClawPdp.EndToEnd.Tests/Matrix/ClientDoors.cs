using System.Diagnostics;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>The clients, and what stands before an agent and asks by one: the hook and the guard by that for C#.</summary>
internal static class ClientDoors
{
    private static readonly TimeSpan HookLimit = TimeSpan.FromSeconds(20);

    /// <summary>Gets the columns.</summary>
    public static IReadOnlyList<MatrixDoor> All { get; } =
    [
        new("hook", MatrixDoor.OfDecisions, static place => HookAsync(place)),
        new("mcp-guard", MatrixDoor.OfDecisions, static place => place.Guard?.CallAsync() ?? throw new InvalidOperationException("no guard")),
        new("client for Python", MatrixDoor.OfDecisions, static place => place.Clients.AskAsync(MatrixLanguage.Python, "ask", place.Grpc, place.TokenPath)),
        new("client for TypeScript", MatrixDoor.OfDecisions, static place => place.Clients.AskAsync(MatrixLanguage.TypeScript, "ask", place.Grpc, place.TokenPath)),
        new("client for Go", MatrixDoor.OfDecisions, static place => place.Clients.AskAsync(MatrixLanguage.Go, "ask", place.Grpc, place.TokenPath)),
    ];

    /// <summary>Runs the hook once.</summary>
    /// <param name="place">Where it asks.</param>
    /// <param name="more">Options that come last, and so count.</param>
    public static async Task<string> HookAsync(MatrixPlace place, params string[] more)
    {
        var options = more is ["--token-file", ..] ? more : ["--token-file", place.TokenPath, .. more];
        var start = new ProcessStartInfo(PublishedSidecar.Binary, ["hook", .. options, .. more is ["--server", ..] ? Array.Empty<string>() : ["--server", place.Grpc]])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Remove("CLAWPDP_TOKEN_FILE");
        using var process = Process.Start(start) ?? throw new InvalidOperationException("cannot be started");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.StandardInput.WriteAsync($$$"""{"hook_event_name":"PreToolUse","session_id":"s1","tool_name":"{{{MatrixDoor.Tool}}}","tool_input":{}}""");
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already, and says why.
        }

        try
        {
            await process.WaitForExitAsync().WaitAsync(HookLimit);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw;
        }

        // The agents take 2 for a denial, and go on for every other code.
        return process.ExitCode == 2 ? MatrixWords.ReasonIn(await output + await error) : MatrixDoor.Allowed;
    }
}
