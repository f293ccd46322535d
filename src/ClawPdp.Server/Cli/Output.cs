using ClawPdp.Core.Json;
using Spectre.Console;

namespace ClawPdp.Server.Cli;

/// <summary>Writes results: for people with colours where there is a terminal, or one JSON object on a line.</summary>
internal static class Output
{
    /// <summary>Writes a JSON object on a line.</summary>
    public static void Json(JsonValue value) => Console.Out.WriteLine(JsonWriter.CanonicalText(value));

    /// <summary>Writes a line as it is.</summary>
    public static void Line(string text) => Console.Out.WriteLine(text);

    /// <summary>Writes a line, in colour where there is a terminal; there long lines wrap, elsewhere they stay whole.</summary>
    public static void Coloured(string text, string colour)
    {
        if (Console.IsOutputRedirected)
        {
            Console.Out.WriteLine(text);
            return;
        }

        AnsiConsole.Console.Write(new Text(text + Environment.NewLine, Style.Parse(colour)));
    }

    /// <summary>Writes names and values under each other.</summary>
    public static void Pairs(IEnumerable<(string Name, string Value)> pairs)
    {
        // Lines, not a table: a table breaks long hashes to the terminal's width, and these are there to be copied.
        foreach (var (name, value) in pairs.Where(static pair => pair.Value.Length > 0))
        {
            Console.Out.WriteLine($"{name,-22} {value}");
        }
    }
}
