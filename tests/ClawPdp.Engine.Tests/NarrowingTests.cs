using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;
using CsCheck;

namespace ClawPdp.Engine.Tests;

/// <summary>A token that grants less never gets more, whatever the policy.</summary>
public sealed class NarrowingTests
{
    private const int TokenCount = 400;

    private static readonly ImmutableArray<string> Wide = ["tool:github/*", "tool:shell", "model:*", "model:gpt-*", "egress:*.example.com", "egress:10.0.0.0/8", "egress:[2001:db8::]/32"];

    // For each item of the wide scope, items that grant a part of it.
    private static readonly ImmutableArray<ImmutableArray<string>> Narrow =
    [
        ["tool:github/issues/*", "tool:github/read"], [], ["model:gpt-4o", "model:claude-*"], ["model:gpt-4*"],
        ["egress:api.example.com", "egress:*.b.example.com", "egress:*.example.com:443"], ["egress:10.1.0.0/16", "egress:10.1.2.3:80"], ["egress:[2001:db8::1]"],
    ];

    private static readonly ImmutableArray<string?> Tools = [null, "github/read", "github/issues/list", "github", "shell"];
    private static readonly ImmutableArray<string?> Models = [null, "gpt-4o", "claude-3"];
    private static readonly ImmutableArray<string?> Hosts = [null, "api.example.com:443", "a.b.example.com", "10.1.2.3:80", "10.9.9.9", "[2001:db8::1]", "example.com"];

    private static readonly ImmutableArray<string> Policies =
    [
        """{"policy_version":"1","policy_id":"p","issuer_did":"did:web:a","allowed_models":["gpt-*"],"egress_allowlist":["*.example.com","10.0.0.0/8"]}""",
        """
        {"policy_version":"2","policy_id":"p","issuer_did":"did:web:a","statements":[
          {"sid":"A","effect":"Allow","actions":["*"],"resources":["*"]},
          {"sid":"D1","effect":"Deny","actions":["tool:execute"],"resources":["**/issues/**"]},
          {"sid":"D2","effect":"Deny","actions":["model:invoke"],"resources":["claude-*"],"conditions":{"StringNotEquals":{"Model:Provider":"anthropic"}}},
          {"sid":"D3","effect":"Deny","actions":["side_effect:network_egress"],"resources":["*"],"conditions":{"IpAddress":{"SideEffect:TargetDomain":"2001:db8::/32"}}}]}
        """,
    ];

    [Fact]
    public void Decide_NarrowerToken_NeverAllowsMore()
    {
        var (allowed, lost) = (0, 0);
        foreach (var policy in Policies)
        {
            using var fixture = new EngineFixture(WpcLoader.Load(System.Text.Encoding.UTF8.GetBytes(policy)).Value);
            Gen.Int[0, int.MaxValue - 1].Sample(
                seed =>
                {
                    var random = new Random(seed);
                    var wide = Wide.Where(_ => random.Next(3) > 0).ToImmutableArray();
                    var narrow = wide.SelectMany(item => random.Next(3) switch { 0 => [], 1 => [item], _ => Narrow[Wide.IndexOf(item)] }).ToImmutableArray();
                    var (more, less) = (fixture.Sign(EngineFixture.Claims(wide)), fixture.Sign(EngineFixture.Claims(narrow)));
                    foreach (var (tool, model, host) in Questions())
                    {
                        var (isWide, isNarrow) = (Allows(fixture, more, tool, model, host), Allows(fixture, less, tool, model, host));
                        allowed += isNarrow ? 1 : 0;
                        lost += isWide && !isNarrow ? 1 : 0;
                        if (isNarrow && !isWide)
                        {
                            return false;
                        }
                    }

                    return true;
                },
                iter: TokenCount / Policies.Length,
                threads: 1);
        }

        // Both happened often enough to mean something.
        Assert.InRange(allowed, 500, int.MaxValue);
        Assert.InRange(lost, 500, int.MaxValue);
    }

    private static bool Allows(EngineFixture fixture, string token, string? tool, string? model, string? host) =>
        fixture.Ask(token, tool, model, host, provider: "openai").Effect == Effect.Allow;

    private static IEnumerable<(string? Tool, string? Model, string? Host)> Questions() =>
        from tool in Tools from model in Models from host in Hosts where (tool ?? model ?? host) is not null select (tool, model, host);
}
