using System.CommandLine;
using System.Globalization;
using ClawPdp.Bench.Plans;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Cli;

/// <summary>The options of <c>clawpdp bench</c> that say how much is asked, for how long, and where the results go.</summary>
internal sealed class BenchLoadOptions
{
    private readonly Option<string> _server = new("--server")
    {
        Description = "where the calls go: http://HOST:PORT or unix:/PATH",
        HelpName = "URL",
        DefaultValueFactory = static _ => "http://" + SettingsReader.GrpcDefault,
    };

    private readonly Option<double?> _rate = new("--rate") { Description = "calls a second by a fixed schedule, times counting from it; without it, callers call again as soon as they are answered", HelpName = "R" };
    private readonly Option<int> _connections = Count("--connections", "how many connections", 1).Within(1, BenchLimits.ConnectionsMax);
    private readonly Option<int?> _callers = new Option<int?>("--callers") { Description = "how many calls, or streams, are open at once in all; by default one a connection, 64 with --rate", HelpName = "N" };
    private readonly Option<string> _warmUp = new("--warm-up") { Description = "how long to call before measuring, such as 2s", HelpName = "TIME", DefaultValueFactory = static _ => "2s" };
    private readonly Option<double?> _seconds = new("--seconds") { Description = "how long to measure; 10 by default, without --count", HelpName = "S" };
    private readonly Option<long?> _count = new("--count") { Description = "how many calls to measure", HelpName = "N" };
    private readonly Option<string> _label = new("--label") { Description = "a name for the run, kept in its results", HelpName = "TEXT", DefaultValueFactory = static _ => "" };
    private readonly Option<bool> _allowRemote = new("--allow-remote") { Description = "let the calls go to another machine" };

    /// <summary>Gets the option for the JSON file.</summary>
    public Option<string?> Json { get; } = new("--json") { Description = "write the results to a file, as JSON", HelpName = "FILE" };

    /// <summary>Gets the option for the distribution by percentile.</summary>
    public Option<string?> Hdr { get; } = new("--hdr") { Description = "write the distribution by percentile to a file, as HdrHistogram does (.hgrm)", HelpName = "FILE" };

    /// <summary>Gets the option for the interval log.</summary>
    public Option<string?> Log { get; } = new("--hlog") { Description = "write the histograms over time to a file, as HdrHistogram's log V2 (.hlog)", HelpName = "FILE" };

    /// <summary>Adds all of them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _server, _rate, _connections, _callers, _warmUp, _seconds, _count, Json, Hdr, Log, _label, _allowRemote })
        {
            command.Add(option);
        }
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="InputException">The warm-up is no time.</exception>
    public BenchOptions Read(ParseResult parsed) => new()
    {
        Server = parsed.GetValue(_server) ?? "",
        Rate = parsed.GetValue(_rate),
        Connections = parsed.GetValue(_connections),
        Callers = parsed.GetValue(_callers),
        WarmUpSeconds = Seconds(parsed.GetValue(_warmUp) ?? ""),
        Seconds = parsed.GetValue(_seconds),
        Count = parsed.GetValue(_count),
        Label = parsed.GetValue(_label) ?? "",
        AllowRemote = parsed.GetValue(_allowRemote),
    };

    /// <summary>Makes an option for a whole number.</summary>
    public static Option<int> Count(string name, string description, int byDefault) => new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => byDefault };

    private static double Seconds(string text)
    {
        var (number, unit) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 0.001) : text.EndsWith('s') ? (text[..^1], 1) : (text, 1.0);
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value * unit
            : throw new InputException($"--warm-up: `{text}` is no time such as 2s or 500ms");
    }
}
