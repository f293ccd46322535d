using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using Spectre.Console;

namespace ClawPdp.Server.Cli;

/// <summary>
/// Writes results: for people with colours where there is a terminal, or one JSON object on a line. What it is given for people is one line
/// each, and may hold names from elsewhere: nothing in it reaches the terminal as a command.
/// </summary>
internal static class Output
{
    /// <summary>Writes a JSON object on a line.</summary>
    public static void Json(JsonValue value) => Console.Out.WriteLine(JsonWriter.CanonicalText(value));

    /// <summary>Writes a line.</summary>
    public static void Line(string text) => Console.Out.WriteLine(VisibleText.Of(text));

    /// <summary>Writes a message about what is wrong, a line for each of its own lines.</summary>
    public static async Task ErrorAsync(string message)
    {
        foreach (var line in message.Split('\n'))
        {
            await Console.Error.WriteLineAsync("clawpdp: " + VisibleText.Of(line));
        }
    }

    /// <summary>Gets the columns of the terminal; 0 where there is none.</summary>
    public static int Width => Console.IsOutputRedirected ? 0 : AnsiConsole.Console.Profile.Width;

    /// <summary>Clears the screen where there is a terminal.</summary>
    public static void ClearTerminal()
    {
        if (!Console.IsOutputRedirected)
        {
            // What was scrolled away before stays there, which Console.Clear would drop.
            Console.Out.Write("\x1b[H\x1b[2J");
        }
    }

    /// <summary>Writes a line for people beside the result, on the error stream.</summary>
    public static Task NoteAsync(string text) => Console.Error.WriteLineAsync(VisibleText.Of(text));

    /// <summary>Writes a line, in colour where there is a terminal; there long lines wrap, elsewhere they stay whole.</summary>
    public static void Coloured(string text, string colour)
    {
        if (Console.IsOutputRedirected)
        {
            Line(text);
            return;
        }

        AnsiConsole.Console.Write(new Text(VisibleText.Of(text) + Environment.NewLine, Style.Parse(colour)));
    }

    /// <summary>Writes names and values under each other.</summary>
    public static void Pairs(IEnumerable<(string Name, string Value)> pairs)
    {
        // Lines, not a table: a table breaks long hashes to the terminal's width, and these are there to be copied.
        foreach (var (name, value) in pairs.Where(static pair => pair.Value.Length > 0))
        {
            Line($"{name,-22} {value}");
        }
    }
}
