using System.Text;

namespace ClawPdp.Server.Tests.Pages;

/// <summary>The simple commands of a script, as far as the pages use the shell's language: words, quotes, remarks, lists, pipes, substitutions.</summary>
internal static class ShellCommands
{
    private const string Separators = ";|&()\n";

    /// <summary>Gives the words of every command that runs clawpdp, without its name.</summary>
    public static IEnumerable<string[]> OfClawPdp(string script)
    {
        foreach (var words in Split(script.Replace("\\\n", " ", StringComparison.Ordinal)))
        {
            // `user NAME -- clawpdp` runs it as another user.
            var start = Array.FindIndex(words, static word => !word.Contains('=', StringComparison.Ordinal));
            var behind = Array.IndexOf(words, "--") + 1;
            foreach (var at in new[] { start, behind }.Distinct().Where(at => at >= 0 && at < words.Length && (words[at] == "clawpdp" || words[at].EndsWith("/clawpdp", StringComparison.Ordinal))))
            {
                yield return words[(at + 1)..];
            }
        }
    }

    private static List<string[]> Split(string script)
    {
        var commands = new List<string[]>();
        var words = new List<string>();
        var word = new StringBuilder();
        var isWord = false;
        for (var at = 0; at <= script.Length; at++)
        {
            var unit = at < script.Length ? script[at] : '\n';
            if (unit is '"' or '\'')
            {
                var end = EndOfQuote(script, at);
                word.Append(script, at + 1, end - at - 1);
                (isWord, at) = (true, end);
            }
            else if (unit == '$' && at + 1 < script.Length && script[at + 1] == '(')
            {
                var end = EndOfSubstitution(script, at + 1);
                commands.AddRange(Split(script[(at + 2)..end]));
                word.Append("substituted");
                (isWord, at) = (true, end);
            }
            else if (unit == '#' && !isWord)
            {
                at = script.IndexOf('\n', at) is >= 0 and var line ? line - 1 : script.Length - 1;
            }
            else if (unit is ' ' or '\t' || Separators.Contains(unit, StringComparison.Ordinal))
            {
                EndWord(words, word, ref isWord);
                if (unit is not (' ' or '\t'))
                {
                    EndCommand(commands, words);
                }
            }
            else
            {
                word.Append(unit);
                isWord = true;
            }
        }

        return commands;
    }

    private static void EndWord(List<string> words, StringBuilder word, ref bool isWord)
    {
        if (isWord)
        {
            words.Add(word.ToString());
        }

        word.Clear();
        isWord = false;
    }

    // What is written after a redirection is a file and no word of the command.
    private static void EndCommand(List<string[]> commands, List<string> words)
    {
        for (var index = words.Count - 1; index >= 0; index--)
        {
            if (words[index] is ">" or "<" or "2>" or ">>")
            {
                words.RemoveRange(index, Math.Min(2, words.Count - index));
            }
        }

        if (words.Count > 0)
        {
            commands.Add([.. words]);
        }

        words.Clear();
    }

    private static int EndOfQuote(string script, int start)
    {
        for (var at = start + 1; at < script.Length; at++)
        {
            if (script[at] == script[start])
            {
                return at;
            }

            if (script[start] == '"' && script[at] == '$' && at + 1 < script.Length && script[at + 1] == '(')
            {
                at = EndOfSubstitution(script, at + 1);
            }
        }

        throw new FormatException($"a quote has no end: {script}");
    }

    private static int EndOfSubstitution(string script, int start)
    {
        var depth = 0;
        for (var at = start; at < script.Length; at++)
        {
            switch (script[at])
            {
                case '"' or '\'':
                    at = EndOfQuote(script, at);
                    break;
                case '(':
                    depth++;
                    break;
                case ')' when --depth == 0:
                    return at;
                default:
                    break;
            }
        }

        throw new FormatException($"a substitution has no end: {script}");
    }
}
