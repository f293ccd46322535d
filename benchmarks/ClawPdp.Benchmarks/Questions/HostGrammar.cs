using System.Globalization;
using BenchmarkDotNet.Attributes;
using ClawPdp.Core.Grammar;

namespace ClawPdp.Benchmarks.Questions;

/// <summary>What does it take to read a host and to hold it against the hosts that are granted: by their number?</summary>
public class HostGrammar
{
    private GrantedScope _exact = Of([]);
    private GrantedScope _wildcard = Of([]);
    private HostName _host = Parse("api.github.com:443");

    [Params(1, 64)]
    public int Grants { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var others = Enumerable.Range(1, Grants - 1).Select(static number => string.Create(CultureInfo.InvariantCulture, $"egress:*.host-{number}.example.com")).ToArray();
        _exact = Of([.. others, "egress:api.github.com"]);
        _wildcard = Of([.. others, "egress:*.github.com"]);
        _host = Read();
        if (!Exact() || !Wildcard() || _exact.AllowsHost(Parse("other.example.org")))
        {
            throw new InvalidOperationException("a host is not allowed as it should be");
        }
    }

    [Benchmark]
    public HostName Read() => Parse("api.github.com:443");

    [Benchmark]
    public bool Exact() => _exact.AllowsHost(_host);

    [Benchmark]
    public bool Wildcard() => _wildcard.AllowsHost(_host);

    private static GrantedScope Of(string[] items) => GrantedScope.Compile(items, allowWildcards: false).Value;

    private static HostName Parse(string text) => HostName.TryParse(text, out var host) ? host.Value : throw new ArgumentException("no host", nameof(text));
}
