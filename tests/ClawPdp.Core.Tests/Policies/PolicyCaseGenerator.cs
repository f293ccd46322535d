using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Tests.Policies;

/// <summary>Makes cases out of a seed: questions first, then policies that are about them often enough to matter.</summary>
internal sealed class PolicyCaseGenerator(int seed)
{
    private static readonly ImmutableArray<string> Tools = ["github", "github/issues/read", "src/x.ts", "src/a/x.ts", "src/a/b/x.ts", "src/evilx.ts", "a/secrets/b", "mysecrets/b", "Über/\uD83D\uDE00"];
    private static readonly ImmutableArray<string> Models = ["gpt-4o", "GPT-4o-mini", "claude-sonnet-4", "openai/gpt-4o", "straße"];
    private static readonly ImmutableArray<string> Providers = ["openai", "anthropic", "google", "azure", ""];
    private static readonly ImmutableArray<string> Hosts =
    [
        "api.example.com", "API.Example.com.", "api.example.com:8443", "example.com", "a.b.example.com:443", "evil.zip", "10.1.2.3", "10.1.2.3:80", "192.168.0.1",
        "[2001:db8::1]", "[2001:DB8:0::1]:443", "[::ffff:10.1.2.3]", "localhost",
        "169.254.169.254", "metadata.google.internal.", "[64:ff9b::a9fe:a9fe]:80", "[fe80::1]",
    ];

    private static readonly ImmutableArray<string> Raws = ["", "/", "//", "*", "**", "?", "a\nb", "src/a\u2028b/x.ts", "src//x.ts", "src/x.ts\n", "/src/x.ts", "src/a\r/x.ts", "a*b", "\0"];
    private static readonly ImmutableArray<string> Agents = ["did:key:zA", "did:key:zB", "did:web:a/b"];
    private static readonly ImmutableArray<string> Actions = ["tool:execute", "model:invoke", "side_effect:network_egress"];

    private readonly Random _random = new(seed);

    public PolicyCase Next()
    {
        var question = Question();
        var text = new JsonObjectBuilder().Add("policies", JsonValue.ArrayOf(Chain(question))).Add("question", question).Build();
        return PolicyCase.TryRead(text, out var fault) ?? throw new InvalidOperationException($"{fault}\n{JsonWriter.CanonicalText(text)}");
    }

    private static JsonObjectBuilder Start(string version, int number) => new JsonObjectBuilder()
        .Add("policy_version", version)
        .Add("policy_id", "p" + number.ToString(CultureInfo.InvariantCulture))
        .Add("issuer_did", "did:web:a");

    private JsonValue Question()
    {
        var asked = new JsonObjectBuilder();
        var (hasTool, hasModel, hasHost) = (Chance(60), Chance(45), Chance(45));
        _ = hasTool ? asked.Add("tool", OneOf(Tools)) : asked;
        _ = hasModel || (!hasTool && !hasHost && Chance(90)) ? asked.Add("model", OneOf(Models)) : asked;
        _ = hasHost ? asked.Add("host", OneOf(Hosts)) : asked;
        _ = Chance(75) ? asked.Add("provider", OneOf(Providers)) : asked;
        _ = Chance(85) ? asked.Add("agent", OneOf(Agents)) : asked;
        var offset = _random.Next(-12, 13);
        _ = asked.Add("at", string.Create(CultureInfo.InvariantCulture, $"2026-0{_random.Next(1, 10)}-{_random.Next(1, 29):00}T{_random.Next(24):00}:{_random.Next(60):00}:59{(offset < 0 ? '-' : '+')}{Math.Abs(offset):00}:30"));
        _ = Chance(30) ? asked.Add("approval", JsonValue.Of(true)) : asked;
        _ = asked.Add("stated", Stated());
        if (Chance(20))
        {
            var resource = Chance(50) ? OneOf(Raws) : Spoil(OneOf(Tools));
            _ = asked.Add("raw", new JsonObjectBuilder().Add("action", OneOf(Actions)).Add("resource", resource).Build());
        }

        return asked.Build();
    }

    private JsonValue Stated()
    {
        var stated = new JsonObjectBuilder();
        foreach (var key in ConditionGenerator.StatedKeys.Where(_ => Chance(80)))
        {
            _ = stated.Add(key, ConditionGenerator.ValueOf(key, _random));
        }

        // What a caller cannot state is not looked up.
        _ = Chance(20) ? stated.Add("Context:Hour", "3").Add("Request:HasHumanApproval", "true").Add("Agent:DID", "did:key:zB") : stated;
        return stated.Build();
    }

    private ImmutableArray<JsonValue> Chain(JsonValue question)
    {
        var links = ImmutableArray.CreateBuilder<JsonValue>();
        if (Chance(45))
        {
            links.Add(Lists(question));
        }

        var count = links.Count > 0 && Chance(60) ? 0 : Chance(3) ? 8 - links.Count : 1 + (Chance(30) ? 1 : 0) + (Chance(10) ? 1 : 0);
        for (var number = 0; number < count; number++)
        {
            links.Add(Statements(question, number));
        }

        return links.ToImmutable();
    }

    private JsonValue Lists(JsonValue question)
    {
        var policy = Start("1", 0);
        _ = Chance(40) ? policy.Add("allowed_providers", JsonValue.ArrayOf(Providers[..3].Where(_ => Chance(65)))) : policy;
        var models = ((string[])[question.FindText("model") ?? "gpt-4o", "*", "GPT-*", "g*4*o", "claude-*", "STRASSE", "STRAßE", "*-4o-*i"]).Where(_ => Chance(22));
        _ = Chance(65) ? policy.Add("allowed_models", JsonValue.ArrayOf(models)) : policy;
        _ = Chance(50) ? policy.Add("minimum_model_identity_tier", Chance(40) ? "closed_opaque" : "tee_measured") : policy;
        var hosts = ((string[])["*", "*.example.com", "api.example.com", "API.example.com:8443", "*.example.com:443", "10.0.0.0/8", "10.1.2.3:80", "[2001:db8::]/32", "[2001:db8::1]:443", "169.254.0.0/16", "169.254.169.254", "*.google.internal"]).Where(_ => Chance(18));
        _ = Chance(60) ? policy.Add("egress_allowlist", JsonValue.ArrayOf(hosts)) : policy;
        return policy.Build();
    }

    private JsonValue Statements(JsonValue question, int number)
    {
        var statements = ImmutableArray.CreateBuilder<JsonValue>();
        var count = _random.Next(1, 5);
        for (var place = 0; place < count; place++)
        {
            var isDeny = place > 0 && Chance(35);
            var (actions, isEgressOnly) = PickActions();
            var statement = new JsonObjectBuilder()
                .Add("sid", string.Create(CultureInfo.InvariantCulture, $"L{number}S{place}"))
                .Add("effect", isDeny ? "Deny" : "Allow")
                .Add("actions", JsonValue.ArrayOf(actions))
                .Add("resources", JsonValue.ArrayOf(Resources(question, isDeny, isEgressOnly)));
            _ = Chance(isDeny ? 90 : 50) ? statement.Add("conditions", ConditionGenerator.Make(_random, question)) : statement;
            statements.Add(statement.Build());
        }

        return Start("2", number).Add("statements", JsonValue.ArrayOf(statements.ToImmutable())).Build();
    }

    private (ImmutableArray<string> Actions, bool IsEgressOnly) PickActions() => _random.Next(8) switch
    {
        0 => (["tool:execute"], false),
        1 => (["model:*", "tool:execute"], false),
        2 => (["side_effect:*"], true),
        3 => (["side_effect:network_egress"], true),
        4 => (["tool:execut?", "**:network_egress"], false),
        _ => (["*"], false),
    };

    private IEnumerable<string> Resources(JsonValue question, bool isDeny, bool isEgressOnly)
    {
        for (var count = _random.Next(1, 4); count > 0; count--)
        {
            yield return isEgressOnly ? ConditionGenerator.HostPattern(_random, isDeny)
                : Chance(isDeny ? 10 : 35) ? OneOf(["*", "**", "***", "****"])
                : Glob(Chance(70) ? OneOf([question.FindText("tool"), question.FindText("model"), question.Find("raw")?.FindText("resource")]) : OneOf(Tools));
        }
    }

    private string Glob(string? text) => GlobGenerator.From(string.IsNullOrWhiteSpace(text) ? OneOf(Tools) : text, _random);

    private string Spoil(string text) => text.Insert(_random.Next(text.IndexOf('\uD83D', StringComparison.Ordinal) is var at and >= 0 ? at : text.Length + 1), OneOf(["\n", "/", "*", "\u2029", "\r", "x", "?"]));

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T OneOf<T>(ImmutableArray<T> items) => items[_random.Next(items.Length)];
}
