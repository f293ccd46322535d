using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>A program with a client in another language, which is asked by lines and answers by lines, several at once.</summary>
internal sealed class ClientProcess : IAsyncDisposable
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _waiting = new(StringComparer.Ordinal);
    private readonly StringBuilder _errors = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Task _reading;
    private int _id;

    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">What is set in its environment beside the test's own.</param>
    public ClientProcess(string program, string[] arguments, params KeyValuePair<string, string>[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("cannot be started");
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
        _reading = ReadAsync();
    }

    /// <summary>Asks; one that gives no answer at all is a failure of the test.</summary>
    public async Task<string> AskAsync(string verb, string address, string path)
    {
        var id = Interlocked.Increment(ref _id).ToString(CultureInfo.InvariantCulture);
        var answer = _waiting.GetOrAdd(id, static _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
        await _writing.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(string.Join('\t', id, verb, address, path));
            await _process.StandardInput.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }

        try
        {
            return await answer.Task.WaitAsync(AnswerMax);
        }
        catch (TimeoutException)
        {
            return $"no answer at all: {Errors()}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(EndMax);
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }

        await _reading;
        _process.Dispose();
        _writing.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split('\t') is [var id, var word] && _waiting.TryRemove(id, out var answer))
            {
                answer.TrySetResult(word);
            }
            else
            {
                Keep(line);
            }
        }

        foreach (var answer in _waiting.Values)
        {
            answer.TrySetResult($"has ended: {Errors()}");
        }
    }

    private void Keep(string? line)
    {
        lock (_errors)
        {
            _errors.AppendLine(line);
        }
    }

    private string Errors()
    {
        lock (_errors)
        {
            return _errors.ToString();
        }
    }
}
