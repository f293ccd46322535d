using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using ClawPdp.Core.Mappings;

namespace ClawPdp.Benchmarks.Questions;

/// <summary>
/// What does the mapping take at an issuance, by its number of groups? A mapping file has at most 10,000 groups and 1 MiB: more are refused,
/// so nothing larger can be measured.
/// </summary>
public class MappingEvaluation
{
    private const string Agent = "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT";

    private static readonly string[] Groups = ["unmapped-1", "group-0", "unmapped-2"];
    private static readonly string[] Audiences = ["clawpdp"];

    private byte[] _file = [];
    private ScopeMappings? _mappings;

    [Params(1, 10, 100, 1_000, 10_000)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var entries = Enumerable.Range(0, Entries).Select(static number =>
            string.Create(CultureInfo.InvariantCulture, $$$"""{"group":"group-{{{number}}}","cst_claims":{"allowed_tools":["t"],"max_ttl_seconds":600}}"""));
        _file = Encoding.UTF8.GetBytes($$"""{"scope_mappings":[{{string.Join(',', entries)}}]}""");
        _mappings = Load();
        if (Resolve().Grant?.ScopeItems.Length != 1)
        {
            throw new InvalidOperationException("the mapping grants something else");
        }
    }

    [Benchmark(Baseline = true)]
    public GrantResult Resolve() => (_mappings ?? Load()).Resolve(Groups, null, Agent, Audiences);

    [Benchmark]
    public ScopeMappings Load() => ScopeMappingLoader.Load(_file, new ScopeMappingOptions()).Value;
}
