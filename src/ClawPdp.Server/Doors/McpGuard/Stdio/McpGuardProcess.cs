using System.Diagnostics;
using System.IO.Pipelines;
using ClawPdp.Server.Cli;

namespace ClawPdp.Server.Doors.McpGuard.Stdio;

/// <summary>Runs a server of the Model Context Protocol as a child, with the guard between its standard streams and the client's.</summary>
internal sealed class McpGuardProcess : IDisposable
{
    private static readonly TimeSpan LeavingTime = TimeSpan.FromSeconds(5);

    private readonly Process _server;
    private readonly McpGuardSession _session;
    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly SemaphoreSlim _outputGate = new(1);

    /// <param name="command">The server's program, found as a shell would, and its arguments; it is started.</param>
    /// <param name="session">The guard.</param>
    /// <param name="input">What the client sends.</param>
    /// <param name="output">What the client gets.</param>
    /// <exception cref="InputException">The server cannot be started.</exception>
    public McpGuardProcess(IReadOnlyList<string> command, McpGuardSession session, PipeReader input, PipeWriter output)
    {
        _session = session;
        _input = input;
        _output = output;
        _server = Start(command);
    }

    /// <summary>Passes messages until the server or the client ends.</summary>
    /// <returns>The server's exit code, or that of a failure.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            var fromServer = PassFromServerAsync(ending.Token);
            var fromClient = PassFromClientAsync(ending.Token);
            if (await Task.WhenAny(fromServer, fromClient) == fromClient)
            {
                await fromClient;
                _server.StandardInput.Close();
            }

            // What is under way when the client ends is answered, if the server answers it in time.
            await fromServer.WaitAsync(LeavingTime, CancellationToken.None);
            await _server.WaitForExitAsync(CancellationToken.None).WaitAsync(LeavingTime, CancellationToken.None);
            return _server.ExitCode;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException or IOException)
        {
            await Output.NoteAsync($"clawpdp: mcp-guard: {(exception is IOException ? exception.Message : "the server was ended")}");
            return ExitCodes.Failure;
        }
        finally
        {
            await ending.CancelAsync();
            await _session.EndAsync();
        }
    }

    /// <summary>Ends the server, where it has not ended by itself.</summary>
    public void Dispose()
    {
        try
        {
            if (!_server.HasExited)
            {
                _server.Kill(entireProcessTree: true);
            }
        }
        catch (InvalidOperationException)
        {
            // It ended by itself just now.
        }

        _server.Dispose();
        _outputGate.Dispose();
    }

    private static Process Start(IReadOnlyList<string> command)
    {
        try
        {
            var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
            return Process.Start(start) ?? throw new InputException($"{command[0]}: cannot be started");
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InputException($"{command[0]}: cannot be started: {exception.Message}", exception);
        }
    }

    private async Task PassFromClientAsync(CancellationToken cancellation)
    {
        var toServer = PipeWriter.Create(_server.StandardInput.BaseStream);
        while (await MessageLines.ReadAsync(_input, cancellation) is { } line)
        {
            var (onward, back) = await _session.FromClientAsync(line, cancellation);
            if (onward is { } message)
            {
                await MessageLines.WriteAsync(toServer, message, cancellation);
            }

            if (back is not null)
            {
                await AnswerAsync(back, cancellation);
            }
        }
    }

    private async Task PassFromServerAsync(CancellationToken cancellation)
    {
        var reader = PipeReader.Create(_server.StandardOutput.BaseStream);
        while (await MessageLines.ReadAsync(reader, cancellation) is { } line)
        {
            if (await _session.FromServerAsync(line, cancellation) is { } message)
            {
                await AnswerAsync(message, cancellation);
            }
            else
            {
                await Output.NoteAsync("clawpdp: mcp-guard: something of the server that is no message of the protocol was left out");
            }
        }
    }

    private async Task AnswerAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        await _outputGate.WaitAsync(cancellation);
        try
        {
            await MessageLines.WriteAsync(_output, message, cancellation);
        }
        finally
        {
            _outputGate.Release();
        }
    }
}
