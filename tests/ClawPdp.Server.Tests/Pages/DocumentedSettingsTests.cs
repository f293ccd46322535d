using System.Collections;
using System.Text;
using System.Text.RegularExpressions;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Documentation;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests.Pages;

/// <summary>The settings that the pages name and those that the readers know are the same.</summary>
public sealed partial class DocumentedSettingsTests
{
    private const string Readme = "README.md";
    private const string Probe = "no-such-member";
    private const string KnownMark = "known: ";

    // Named by whoever configures it: no setting of ours.
    private static readonly string[] Chosen = ["doors.forward_auth.routes"];

    // Read only beside these.
    private static readonly Dictionary<string, string> Companions = new(StringComparer.Ordinal)
    {
        ["listen.listeners[].tls"] = "\"address\":\"127.0.0.1:1\",",
        ["listen.listeners[].peers"] = "\"unix_socket\":\"/x\",",
    };

    private static readonly Lazy<HashSet<string>> Known = new(static () => [.. MembersBelow("")]);

    [Fact]
    public void Readers_KnowTheWholeTree()
    {
        string[] some =
        [
            "issuers[].key_hosts", "listen.listeners[].tls.spiffe_ids", "listen.listeners[].peers.gids", "keys.rotate_after_seconds.token", "doors.oauth.clients[].may", "telemetry.otlp.signals", "policy.signers[].successor", "limits.header_bytes",
        ];

        Assert.Empty(some.Except(Known.Value));
    }

    [Fact]
    public void Pages_NameEverySetting()
    {
        var spoken = new StringBuilder();
        foreach (var page in DocumentedPages.All().Where(static page => page == Readme || page.StartsWith("docs/", StringComparison.Ordinal)))
        {
            spoken.AppendJoin('\n', Spans().Matches(DocumentedPages.TextOf(page)).Select(static span => span.Value)).Append('\n');
            spoken.AppendJoin('\n', DocumentedBlock.Of(page).Where(static block => block.Language == "json").Select(static block => block.Text)).Append('\n');
        }

        var names = Words().Matches(spoken.ToString()).Select(static word => word.Value).ToHashSet(StringComparer.Ordinal);

        Assert.DoesNotContain(Known.Value, setting => !names.Contains(setting.Split('.')[^1].Replace("[]", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void Readme_EveryRowOfTheTable_IsASettingAndEveryGroupHasARow()
    {
        var table = Section("| member | meaning | default |");
        var rows = new List<string>();
        foreach (var cell in table.Select(static row => row.Split('|')[1]))
        {
            var parent = "";
            foreach (var name in Spans().Matches(cell).Select(static span => span.Value.Trim('`')))
            {
                var full = name.StartsWith('.') ? parent + name : name;
                parent = full.Contains('.', StringComparison.Ordinal) ? full[..full.LastIndexOf('.')] : "";
                rows.Add(full);
            }
        }

        Assert.DoesNotContain(rows, static row => !Known.Value.Contains(row.EndsWith("[]", StringComparison.Ordinal) ? row[..^2] : row));
        Assert.DoesNotContain(Known.Value, setting => !rows.Exists(row => setting == row || IsBelow(setting, row) || IsBelow(row, setting)));
    }

    [Fact]
    public void Readme_NamesEveryVariableOfTheEnvironment()
    {
        var text = DocumentedPages.TextOf(Readme);
        var faults = new List<Fault>();
        EnvironmentOverlay.Apply(JsonValue.ObjectOf([]), new Hashtable { ["CLAWPDP_NO_SUCH"] = "" }, faults);

        var variables = KnownOf(Assert.Single(faults));

        Assert.NotEmpty(variables);
        Assert.DoesNotContain(variables, name => !text.Contains($"`{name}`", StringComparison.Ordinal));
    }

    private static bool IsBelow(string name, string parent) => name.StartsWith(parent, StringComparison.Ordinal) && name[parent.Length] is '.' or '[';

    private static IEnumerable<string> Section(string header) => DocumentedPages.TextOf(Readme).Split('\n')
        .SkipWhile(line => line != header).Skip(2).TakeWhile(static line => line.StartsWith('|'));

    // A reader answers a member that it does not know with those that it knows; so the whole tree comes from the readers themselves.
    private static IEnumerable<string> MembersBelow(string path)
    {
        foreach (var name in MembersOf(path))
        {
            var full = path.Length == 0 ? name : $"{path}.{name}";
            yield return full;
            foreach (var below in Chosen.Contains(full) ? [] : MembersBelow(full).Concat(MembersBelow(full + "[]")))
            {
                yield return below;
            }
        }
    }

    private static string[] MembersOf(string path)
    {
        var text = $"{{\"{Probe}\":1}}";
        var steps = path.Split('.', StringSplitOptions.RemoveEmptyEntries);
        for (var index = steps.Length - 1; index >= 0; index--)
        {
            var beside = Companions.GetValueOrDefault(string.Join('.', steps[..(index + 1)]), "");
            text = steps[index].EndsWith("[]", StringComparison.Ordinal) ? $"{{\"{steps[index][..^2]}\":[{text}]}}" : $"{{{beside}\"{steps[index]}\":{text}}}";
        }

        var faults = new List<Fault>();
        Assert.True(JsonReader.Parse(Encoding.UTF8.GetBytes(text), SettingsLoader.SizeMaxBytes).TryGet(out var document));
        SettingsReader.Read(document, "/", faults);
        var pointer = $"/{path.Replace("[]", ".0", StringComparison.Ordinal).Replace('.', '/')}/{Probe}".Replace("//", "/", StringComparison.Ordinal);
        return faults.Find(fault => fault.Pointer == pointer) is { } fault ? KnownOf(fault) : [];
    }

    private static string[] KnownOf(Fault fault) =>
        fault.Hint is { } hint && hint.StartsWith(KnownMark, StringComparison.Ordinal) ? hint[KnownMark.Length..].Split(", ", StringSplitOptions.RemoveEmptyEntries) : [];

    [GeneratedRegex("`[^`\n]+`", RegexOptions.None, 1000)]
    private static partial Regex Spans();

    [GeneratedRegex("[a-z0-9_]+", RegexOptions.None, 1000)]
    private static partial Regex Words();
}
