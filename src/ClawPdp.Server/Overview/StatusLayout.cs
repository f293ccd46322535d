namespace ClawPdp.Server.Overview;

/// <summary>Lays a line of the status out for a terminal: a name, and behind it what is said, broken between its parts.</summary>
internal static class StatusLayout
{
    private const int NameWidth = 19;
    private const string Between = ", ";

    /// <summary>Gives the lines. One part that is wider than the terminal is broken at a space, or else by the terminal itself.</summary>
    /// <param name="name">What it is about.</param>
    /// <param name="value">What is said.</param>
    /// <param name="width">The columns of the terminal; 0 or less for a line of any length.</param>
    public static IEnumerable<string> Lines(string name, string value, int width)
    {
        var room = width - NameWidth - 1;
        if (room <= 0 || value.Length <= room)
        {
            return [Line(name, value)];
        }

        var lines = Fill(value.Split(Between), Between, room).SelectMany(line => line.Length <= room ? [line] : Fill(line.Split(' '), " ", room));
        return lines.Select((line, index) => Line(index == 0 ? name : "", line));
    }

    private static string Line(string name, string value) => $"{name,-NameWidth} {value}";

    private static IEnumerable<string> Fill(IEnumerable<string> parts, string between, int room)
    {
        var line = "";
        foreach (var part in parts)
        {
            // The mark between them stays at the end of the line that it is broken at.
            if (line.Length > 0 && line.Length + between.Length + part.Length + 1 > room)
            {
                yield return (line + between).TrimEnd();
                line = part;
            }
            else
            {
                line = line.Length == 0 ? part : line + between + part;
            }
        }

        yield return line;
    }
}
