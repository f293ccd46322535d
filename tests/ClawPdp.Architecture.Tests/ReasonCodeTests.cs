using System.Globalization;
using System.Text.RegularExpressions;
using ClawPdp.Core.Decisions;

namespace ClawPdp.Architecture.Tests;

/// <summary>The reason codes stand in the protos, in the core and in the documentation: they must say the same.</summary>
public sealed partial class ReasonCodeTests
{
    [Fact]
    public void Core_MirrorsTheWireContract()
    {
        var wire = WireCodes().ToDictionary(static code => code.Number, static code => code);

        Assert.Equal(wire.Keys.Order(), Enum.GetValues<ReasonCode>().Select(static code => (int)code).Order());
        foreach (var code in Enum.GetValues<ReasonCode>())
        {
            Assert.Equal(wire[(int)code].Name, ReasonCatalog.NameOf(code));
            Assert.Equal(wire[(int)code].Class, ReasonCatalog.ClassOf(code).ToString().ToUpperInvariant());
        }
    }

    [Fact]
    public void Documentation_NamesEveryCodeWithItsNumberAndClass()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reason-codes.md"));

        foreach (var code in WireCodes().Where(static code => code.Number > 0))
        {
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| `{code.Name}` | {code.Number} |"), page, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<(string Name, int Number, string Class)> WireCodes()
    {
        var proto = File.ReadAllText(Path.Combine(Repository.Root, "protos", "clawpdp", "v1", "reason.proto"));
        var body = proto[proto.IndexOf("enum ReasonCode {", StringComparison.Ordinal)..];
        foreach (Match match in Entry().Matches(body))
        {
            var comment = match.Groups["comment"].Value;
            var found = Class().Match(comment);
            yield return (match.Groups["name"].Value, int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture), found.Success ? found.Groups["class"].Value : "UNSPECIFIED");
        }
    }

    [GeneratedRegex(@"(?<comment>(?:^\s*//[^\n]*\n)+)\s*REASON_CODE_(?<name>\w+) = (?<number>\d+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Entry();

    [GeneratedRegex(@"[Cc]lass (?<class>STRUCTURAL|REQUESTABLE|REISSUE|TRANSIENT)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Class();
}
