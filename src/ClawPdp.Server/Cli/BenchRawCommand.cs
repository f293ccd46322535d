using System.CommandLine;
using ClawPdp.Bench;
using ClawPdp.Bench.Plans;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp bench raw</c>: times any unary gRPC method with fixed bytes, so that others are measured by the same tool.</summary>
internal static class BenchRawCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var method = new Option<string>("--method") { Description = "the method's path", HelpName = "/PACKAGE.SERVICE/METHOD", Required = true };
        var body = new Option<string>("--body") { Description = "the request: the message's bytes, without gRPC's frame", HelpName = "FILE", Required = true };
        var contains = new Option<string?>("--expect-contains") { Description = "bytes that every answer's message must hold", HelpName = "FILE" };
        var hex = new Option<string?>("--expect-hex") { Description = "what every answer's message must be, in hexadecimal; empty for an empty one", HelpName = "HEX" };
        var load = new BenchLoadOptions();
        var command = new Command("raw", "Time any unary gRPC method; exit code 1 if any answer is not as it must be") { method, body, contains, hex };
        load.AddTo(command);
        command.SetAction(async parsed =>
        {
            var request = Read(parsed.GetValue(method) ?? "", parsed.GetValue(body) ?? "", parsed.GetValue(contains), parsed.GetValue(hex));
            var plan = BenchOutput.Require(BenchPlan.Create(load.Read(parsed) with { Call = CallKind.Raw }));
            var report = await BenchRun.CallAsync(plan, request, BenchOutput.Version, TimeProvider.System);
            return await BenchOutput.WriteAsync(report, load, parsed);
        });
        return command;
    }

    private static RawRequest Read(string method, string body, string? contains, string? hex)
    {
        if (!RawRequest.IsMethod(method))
        {
            throw new InputException("--method: a path such as /package.Service/Method is expected");
        }

        if (contains is null == hex is null)
        {
            throw new InputException("one of --expect-contains and --expect-hex is needed: an answer that nobody checks is no measurement");
        }

        var expected = contains is not null ? Input.Read(contains, BenchLimits.MessageMaxBytes) : Bytes(hex ?? "");
        return contains is not null && expected.Length == 0
            ? throw new InputException("--expect-contains: the file is empty, and every answer holds nothing")
            : new RawRequest { Method = method, Body = Input.Read(body, BenchLimits.MessageMaxBytes), Expected = expected, IsWhole = hex is not null };
    }

    private static byte[] Bytes(string hex)
    {
        try
        {
            return Convert.FromHexString(hex);
        }
        catch (FormatException exception)
        {
            throw new InputException("--expect-hex: not hexadecimal", exception);
        }
    }
}
