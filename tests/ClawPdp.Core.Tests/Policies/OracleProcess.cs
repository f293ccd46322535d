using System.Diagnostics;
using System.Text;

namespace ClawPdp.Core.Tests.Policies;

/// <summary>The second judge, asked over pipes; one process for any number of questions.</summary>
internal sealed class OracleProcess : IDisposable
{
    private readonly Process _process;

    public OracleProcess(string python)
    {
        var start = new ProcessStartInfo(python, [Path.Combine(TestData.Root, "tests", "oracle", "policy_oracle.py")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("Python did not start");
    }

    /// <summary>Asks one question and waits for the answer.</summary>
    public async Task<string> JudgeAsync(PolicyCase asked)
    {
        await SendAsync(asked);
        return await ReceiveAsync();
    }

    public async Task SendAsync(PolicyCase asked)
    {
        await _process.StandardInput.WriteLineAsync(asked.Line);
        await _process.StandardInput.FlushAsync();
    }

    public async Task<string> ReceiveAsync() =>
        PolicyVerdict.Read(await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the second judge has ended; see its error output"));

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
