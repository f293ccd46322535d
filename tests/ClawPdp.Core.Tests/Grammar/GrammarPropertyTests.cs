using System.Globalization;
using ClawPdp.Core.Grammar;
using CsCheck;

namespace ClawPdp.Core.Tests.Grammar;

public sealed class GrammarPropertyTests
{
    private static readonly Gen<string> Hosts = Gen.OneOf(
        OneOf("a", "b", "c.d").Array[1, 4].Select(static labels => string.Join('.', labels)),
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3]).Select(static (third, fourth) => $"10.0.{third}.{fourth}"),
        Gen.Int[0, 7].Select(static last => $"[2001:db8::{last}]"));

    private static readonly Gen<string> HostsAndPorts = Gen.Select(Hosts, OneOf("", ":80", ":81")).Select(static (host, port) => host + port);

    private static readonly Gen<string> HostPatterns = Gen.OneOf(
        HostsAndPorts,
        HostsAndPorts.Select(static host => "*." + host),
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[20, 32]).Select(static (third, fourth, length) => $"10.0.{third}.{fourth}/{length}"),
        Gen.Select(Gen.Int[0, 7], Gen.Int[120, 128]).Select(static (last, length) => $"[2001:db8::{last}]/{length}"),
        Gen.Const("*"))
        .Where(static text => HostPattern.Parse(text, allowWildcards: true).IsValid);

    private static readonly Gen<string> Tools = OneOf("a", "b", "ab").Array[1, 4].Select(static segments => string.Join('/', segments));

    private static readonly Gen<string> ToolPatterns = Gen.OneOf(Tools, Tools.Select(static tool => tool + "/*"), Gen.Const("*"));

    private static readonly Gen<string> Odd = Gen.String[Gen.OneOf(Gen.Char["aA0.-_:[]/%@*xn \0"], Gen.Char["üß。１\u200B\uD83D\uDE00\u0308"], Gen.Char), 0, 20];

    [Fact]
    public void TryParse_AnyText_NeverThrowsAndPrintsWhatItReads()
    {
        Gen.OneOf(Odd, Odd.Select(static tail => "xn--" + tail), Odd.Select(static inside => "[" + inside + "]")).Sample(
            static text => !HostName.TryParse(text, out var host)
                || (HostName.TryParse(host.ToString(), out var again)
                    && string.Equals(again.ToString(), host.ToString(), StringComparison.Ordinal)
                    && again.Value.IsAddress == host.Value.IsAddress
                    && again.Value.Port == host.Value.Port),
            iter: 100_000);
    }

    [Fact]
    public void TryParse_AnyAddress_PrintsWhatItReads()
    {
        Gen.UShort.Array[8].Sample(static groups =>
        {
            var zeroed = groups.Select(static group => group % 3 == 0 ? 0 : group);
            var text = "[" + string.Join(':', zeroed.Select(static group => group.ToString("x", CultureInfo.InvariantCulture))) + "]";
            var host = Samples.Host(text);

            return string.Equals(host.ToString(), Samples.Host(host.ToString()).ToString(), StringComparison.Ordinal)
                && (!host.Name.StartsWith('[') || System.Net.IPAddress.Parse(host.Name).Equals(System.Net.IPAddress.Parse(text)));
        });
    }

    [Fact]
    public void Parse_AnyPatternText_NeverThrowsAndPrintsWhatItReads()
    {
        Gen.OneOf(Odd, HostPatterns, Odd.Select(static tail => "*." + tail), Odd.Select(static tail => "10.0.0.0/" + tail)).Sample(static text =>
        {
            _ = ToolPattern.Parse(text, allowWildcards: true);
            _ = ModelPattern.Parse(text, allowWildcards: true);
            return !HostPattern.Parse(text, allowWildcards: true).TryGet(out var pattern)
                || string.Equals(HostPattern.Parse(pattern.Text, allowWildcards: true).Value.Text, pattern.Text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Matches_TwoNames_AtMostOneMatches()
    {
        Gen.Select(Hosts, Hosts, HostsAndPorts).Sample(static (one, other, asked) =>
        {
            var host = Samples.Host(asked);
            return string.Equals(Samples.Host(one).Name, Samples.Host(other).Name, StringComparison.Ordinal)
                || !Samples.Scope("egress:" + one).AllowsHost(host)
                || !Samples.Scope("egress:" + other).AllowsHost(host);
        });
    }

    [Fact]
    public void AllowsHost_AnyScope_AgreesWithItsPatterns()
    {
        Gen.Select(HostPatterns.Array[0, 5], HostsAndPorts).Sample(static (patterns, asked) =>
        {
            var host = Samples.Host(asked);
            var any = patterns.Any(text => HostPattern.Parse(text, allowWildcards: true).Value.Matches(host));
            return Samples.Scope(patterns.Select(static text => "egress:" + text)).AllowsHost(host) == any;
        });
    }

    [Fact]
    public void Covers_HostPattern_GrantsWhateverItMatches()
    {
        Gen.Select(HostPatterns.Array[1, 6], HostPatterns, HostsAndPorts).Sample(
            static (granted, asked, text) =>
            {
                var scope = Samples.Scope(granted.Select(static item => "egress:" + item));
                var pattern = HostPattern.Parse(asked, allowWildcards: true).Value;
                var host = Samples.Host(text);
                return !scope.Covers(pattern) || !pattern.Matches(host) || scope.AllowsHost(host);
            },
            iter: 20_000);
    }

    [Fact]
    public void Covers_SmallNetwork_ExactlyWhenEveryAddressIsGranted()
    {
        var networks = Gen.Select(Gen.Int[0, 15], Gen.Int[28, 32]).Select(static (last, length) => $"10.0.0.{last >> (32 - length) << (32 - length)}/{length}");

        Gen.Select(networks.Array[0, 8], networks).Sample(
            static (granted, asked) =>
            {
                var scope = Samples.Scope(granted.Select(static item => "egress:" + item));
                var pattern = HostPattern.Parse(asked, allowWildcards: true).Value;
                var everyAddress = Enumerable.Range(0, 16).Select(static last => Samples.Host($"10.0.0.{last}"))
                    .All(host => !pattern.Matches(host) || scope.AllowsHost(host));
                return scope.Covers(pattern) == everyAddress;
            },
            iter: 20_000);
    }

    [Fact]
    public void Covers_ToolPattern_GrantsWhateverItMatches()
    {
        Gen.Select(ToolPatterns.Array[1, 5], ToolPatterns, Tools).Sample(static (granted, asked, text) =>
        {
            var scope = Samples.Scope(granted.Select(static item => "tool:" + item));
            var pattern = ToolPattern.Parse(asked, allowWildcards: true).Value;
            var tool = Samples.Tool(text);
            return scope.AllowsTool(tool) == granted.Any(item => ToolPattern.Parse(item, allowWildcards: true).Value.Matches(tool))
                && (!scope.Covers(pattern) || !pattern.Matches(tool) || scope.AllowsTool(tool));
        });
    }

    [Fact]
    public void Compile_OrderAndDuplicates_DoNotMatter()
    {
        Gen.Select(HostPatterns.Array[0, 5], ToolPatterns.Array[0, 5]).Sample(static (hosts, tools) =>
        {
            var items = hosts.Select(static host => "egress:" + host).Concat(tools.Select(static tool => "tool:" + tool)).ToList();
            var one = Samples.Scope(items);
            var other = Samples.Scope(Enumerable.Reverse(items).Concat(items));
            return one.Tools.SequenceEqual(other.Tools) && one.Egress.SequenceEqual(other.Egress);
        });
    }

    private static Gen<string> OneOf(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(index => choices[index]);
}
