using System.Globalization;
using BenchmarkDotNet.Attributes;
using ClawPdp.Core.Grammar;

namespace ClawPdp.Benchmarks.Questions;

/// <summary>What does it take to read a tool and to hold it against the tools that are granted: by their number?</summary>
public class ToolGrammar
{
    private GrantedScope _exact = Of([]);
    private GrantedScope _below = Of([]);
    private ToolName _tool = Parse("github/create_issue");

    [Params(1, 64)]
    public int Grants { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var others = Enumerable.Range(1, Grants - 1).Select(static number => string.Create(CultureInfo.InvariantCulture, $"tool:server-{number}/*")).ToArray();
        _exact = Of([.. others, "tool:github/create_issue"]);
        _below = Of([.. others, "tool:github/*"]);
        _tool = Read();
        if (!Exact() || !Below() || _below.AllowsTool(Parse("terraform")))
        {
            throw new InvalidOperationException("a tool is not allowed as it should be");
        }
    }

    [Benchmark]
    public ToolName Read() => Parse("github/create_issue");

    [Benchmark]
    public bool Exact() => _exact.AllowsTool(_tool);

    [Benchmark]
    public bool Below() => _below.AllowsTool(_tool);

    private static GrantedScope Of(string[] items) => GrantedScope.Compile(items, allowWildcards: false).Value;

    private static ToolName Parse(string text) => ToolName.TryParse(text, out var tool) ? tool.Value : throw new ArgumentException("no tool", nameof(text));
}
