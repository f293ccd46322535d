using System.CommandLine;
using System.Text.RegularExpressions;
using ClawPdp.Documentation;
using ClawPdp.Server.Cli;

namespace ClawPdp.Server.Tests.Pages;

/// <summary>Every command line that a page shows, in a block or in the text, is one that there is.</summary>
public sealed partial class DocumentedCommandsTests
{
    private const string Readme = "README.md";

    public static TheoryData<string> Pages => [.. DocumentedPages.All()];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Blocks_OfAPage_HoldCommandsThatParse(string page)
    {
        foreach (var block in DocumentedBlock.Of(page).Where(static block => block.Language is "sh" or "bash"))
        {
            foreach (var words in ShellCommands.OfClawPdp(block.Text))
            {
                var parsed = CommandLine.Parse(words);

                Assert.True(parsed.Errors.Count == 0, $"{block.Id}: clawpdp {string.Join(' ', words)}: {string.Join("; ", parsed.Errors.Select(static error => error.Message))}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Text_OfAPage_NamesCommandsAndOptionsThatThereAre(string page) => Assert.Empty(CommandsIn(page).SelectMany(static line => FaultsOf(line, [])));

    [Fact]
    public void Readme_NamesEveryCommand()
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in CommandsIn(Readme))
        {
            _ = FaultsOf(line, named).Count();
        }

        Assert.Empty(LeavesOf(CommandLine.Create(), "clawpdp").Except(named, StringComparer.Ordinal));
    }

    [Fact]
    public void Pages_NameEveryOption()
    {
        var folder = Path.Combine(DocumentedBlock.Root, "packaging");
        var written = string.Concat(DocumentedPages.All().Select(static page => File.ReadAllText(Path.Combine(DocumentedBlock.Root, page))))
            + File.ReadAllText(Path.Combine(folder, "man", "clawpdp.8")).Replace("\\-", "-", StringComparison.Ordinal)
            + File.ReadAllText(Path.Combine(folder, "completion", "clawpdp"));
        var named = Options().Matches(written).Select(static match => match.Value).ToHashSet(StringComparer.Ordinal);

        Assert.DoesNotContain(OptionsOf(CommandLine.Create(), "clawpdp"), option => !named.Contains(option.Split(' ')[^1]));
    }

    [Theory]
    [InlineData("keys list|generat --data DIR", "generat")]
    [InlineData("keys list --dat DIR", "--dat")]
    [InlineData("ledger chek", "chek")]
    [InlineData("hook [--token-file FILE] [--serve ADDRESS]", "--serve")]
    public void FaultsOf_AMisspeltLine_NamesTheWord(string line, string word) => Assert.Contains(word, Assert.Single(FaultsOf(line, [])), StringComparison.Ordinal);

    [Theory]
    [InlineData("A=b clawpdp keys list --data \"$DATA\" | grep x # clawpdp no", "keys list --data $DATA")]
    [InlineData("chgrp clawpdp /etc/clawpdp; (umask 077 && clawpdp keys list > \"a b\")", "keys list")]
    [InlineData("X=\"$(/opt/clawpdp keys list)\"\nrunuser --user clawpdp -- clawpdp health", "health")]
    [InlineData("X=$(/opt/clawpdp keys \\\n list)", "keys list")]
    public void OfClawPdp_AScript_GivesTheWords(string script, string words) => Assert.Equal([words], ShellCommands.OfClawPdp(script).Select(static command => string.Join(' ', command)));

    private static IEnumerable<string> CommandsIn(string page) =>
        Spans().Matches(DocumentedPages.TextOf(page)).Select(static match => match.Groups["line"].Value.Replace("\\|", "|", StringComparison.Ordinal));

    // A line of the text is a form: alternatives stand with `|` between them, what may be left out in brackets.
    private static IEnumerable<string> FaultsOf(string line, HashSet<string> named)
    {
        List<(Command Command, string Path)> current = [(CommandLine.Create(), "clawpdp")];
        var isOption = false;
        foreach (var word in line.Split((char[])[' ', ',', '[', ']', '…', '\n'], StringSplitOptions.RemoveEmptyEntries).TakeWhile(static word => word != "--"))
        {
            var parts = word.Split('|', StringSplitOptions.RemoveEmptyEntries);
            var options = parts.Where(static part => part.StartsWith('-')).ToList();
            isOption |= options.Count > 0;
            foreach (var option in options.Where(option => !current.Exists(item => HasOption(item.Command, option))))
            {
                yield return $"`clawpdp {line}`: there is no option {option}";
            }

            if (isOption || !current.Exists(static item => item.Command.Subcommands.Count > 0))
            {
                continue;
            }

            var next = current.SelectMany(item => item.Command.Subcommands.Select(command => (Command: command, Path: $"{item.Path} {command.Name}"))).Where(item => parts.Contains(item.Command.Name)).ToList();
            foreach (var part in parts.Where(part => !next.Exists(item => item.Command.Name == part)))
            {
                yield return $"`clawpdp {line}`: there is no command {part}";
            }

            current = next.Count > 0 ? next : current;
        }

        named.UnionWith(current.Select(static item => item.Path));
    }

    private static bool HasOption(Command command, string name) => name is "--help" or "--version" || command.Options.Any(option => option.Name == name || option.Aliases.Contains(name));

    private static IEnumerable<string> LeavesOf(Command command, string path)
    {
        if (command.Action is not null)
        {
            yield return path;
        }

        foreach (var leaf in command.Subcommands.SelectMany(child => LeavesOf(child, $"{path} {child.Name}")))
        {
            yield return leaf;
        }
    }

    private static IEnumerable<string> OptionsOf(Command command, string path) => command.Options
        .Select(option => $"{path} {option.Name}").Concat(command.Subcommands.SelectMany(child => OptionsOf(child, $"{path} {child.Name}")));

    [GeneratedRegex("--[a-z][a-z0-9-]*", RegexOptions.None, 1000)]
    private static partial Regex Options();

    [GeneratedRegex("`clawpdp (?<line>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Spans();
}
