using System.Collections.Immutable;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Tests.Policies;

/// <summary>Makes conditions of every operator on every key that it goes with, and values that callers state, good and bad.</summary>
internal static class ConditionGenerator
{
    private static readonly ImmutableArray<string> Texts = ["", "gateway", "Gateway", "a/b", "a\nb", "prod/eu/1"];
    private static readonly ImmutableArray<string> Numbers = ["0", "-0", "5", "5.0", "5.000000001", "-3", "999999999999999", "12"];
    private static readonly ImmutableArray<string> NoNumbers = ["", "12abc", "Infinity", "1e3", " 5", "05", "5.", "5\0", "1000000000000000"];
    private static readonly ImmutableArray<string> Flags = ["true", "false", "TRUE", "False"];
    private static readonly ImmutableArray<string> NoFlags = ["", "yes", "1", "true ", "fal\u017Fe"];
    private static readonly ImmutableArray<string> Addresses = ["10.1.2.3", "10.200.0.1", "::ffff:10.1.2.3", "[::ffff:10.1.2.3]", "2001:db8::1", "[2001:db8:0:1::]", "192.168.0.1", "0.0.0.0"];
    private static readonly ImmutableArray<string> NoAddresses = ["", "api.example.com", "10.1.2", " 10.0x.00.1junk", "010.1.2.3", "10.1.2.3/8", "::1%eth0", "[10.1.2.3]", "::1\0", "1::2::3"];
    private static readonly ImmutableArray<string> Blocks = ["10.0.0.0/8", "10.1.2.3/8", "10.1.2.3", "0.0.0.0/0", "::/0", "2001:db8::/32", "[2001:db8::]/33", "::ffff:10.1.2.3", "192.168.0.0/31", "2001:db8::1/128", "169.254.0.0/16"];
    private static readonly ImmutableArray<string> Hosts = ["api.example.com", "example.com", "a.b.example.com", "evil.zip", "10.1.2.3", "[2001:db8::1]", "169.254.169.254", "metadata.google.internal"];
    private static readonly ImmutableArray<string> Keys =
    [
        "Agent:DID", "Tool:Name", "Model:Name", "Model:Provider", "SideEffect:TargetDomain", "SideEffect:TargetPort", "Context:Hour", "Context:DayOfWeek",
        "Request:HasHumanApproval", "Receipt:ProofTier", "Receipt:GatewayDid", "Caller:text", "Caller:number", "Caller:flag", "Caller:address",
        "Caller:number", "Caller:number", "Caller:number", "Caller:number", "Caller:flag", "Caller:address", "Caller:address", "Caller:address",
    ];

    public static ImmutableArray<string> StatedKeys { get; } = ["Receipt:ProofTier", "Receipt:GatewayDid", "Caller:text", "Caller:number", "Caller:flag", "Caller:address"];

    /// <summary>Gives a value that a caller might state, one in four of them of no use.</summary>
    public static string ValueOf(string key, Random random)
    {
        var isBad = random.Next(4) == 0;
        return key switch
        {
            "Caller:number" => OneOf(isBad ? NoNumbers : Numbers, random),
            "Caller:flag" => OneOf(isBad ? NoFlags : Flags, random),
            "Caller:address" => OneOf(isBad ? NoAddresses : Addresses, random),
            _ => OneOf(Texts, random),
        };
    }

    public static string HostPattern(Random random, bool isDeny) => random.Next(5) switch
    {
        0 => "*",
        1 => "*.example.com",
        2 => isDeny ? "*.zip" : "*.b.example.com",
        _ => OneOf(Hosts, random),
    };

    public static JsonValue Make(Random random, JsonValue question)
    {
        var conditions = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        for (var count = random.Next(3); count >= 0; count--)
        {
            var key = OneOf(Keys, random);
            var (operation, expected) = Pick(key, random, question);
            conditions.TryAdd(operation, new Dictionary<string, string>(StringComparer.Ordinal));
            conditions[operation][key] = expected;
        }

        return JsonValue.ObjectOf([.. conditions.Select(static operation => new JsonMember(
            operation.Key,
            JsonValue.ObjectOf([.. operation.Value.Select(static operand => new JsonMember(operand.Key, JsonValue.Of(operand.Value)))])))]);
    }

    private static (string Operation, string Expected) Pick(string key, Random random, JsonValue question) => key switch
    {
        "Context:Hour" => Number(random, random.Next(24)),
        "Context:DayOfWeek" => Number(random, random.Next(7)),
        "SideEffect:TargetPort" => Number(random, random.Next(4) switch { 0 => 80, 1 => 443, 2 => 8443, _ => 1024 }),
        "Request:HasHumanApproval" => random.Next(3) switch
        {
            0 => ("Bool", OneOf(Flags, random)),
            1 => ("StringEquals", OneOf(Flags[..2], random)),
            _ => ("StringNotEquals", OneOf(Flags[..2], random)),
        },
        "SideEffect:TargetDomain" => random.Next(5) switch
        {
            0 => ("IpAddress", OneOf(Blocks, random)),
            1 => ("StringLike", HostPattern(random, isDeny: false)),
            2 => ("StringNotLike", HostPattern(random, isDeny: true)),
            3 => ("StringEquals", OneOf(Hosts, random)),
            _ => ("StringNotEquals", OneOf(Hosts, random)),
        },
        "Caller:number" when random.Next(5) > 0 => random.Next(3) switch
        {
            0 => ("NumericEquals", NearNumber(question, random)),
            1 => ("NumericLessThan", random.Next(2) == 0 ? "12.5" : NearNumber(question, random)),
            _ => ("NumericGreaterThan", random.Next(2) == 0 ? "-1" : NearNumber(question, random)),
        },
        "Caller:flag" when random.Next(5) > 0 => ("Bool", OneOf(Flags, random)),
        "Caller:address" when random.Next(5) > 0 => ("IpAddress", OneOf(Blocks, random)),
        _ => Text(key, random, question),
    };

    private static string NearNumber(JsonValue question, Random random)
    {
        var stated = question.Find("stated")?.FindText("Caller:number");
        return stated is not null && random.Next(2) == 0 && Numbers.Contains(stated) ? stated : OneOf(Numbers, random);
    }

    private static (string Operation, string Expected) Number(Random random, int number) => (
        OneOf(["NumericEquals", "NumericLessThan", "NumericGreaterThan", "NumericLessThan", "NumericGreaterThan", "StringEquals", "StringNotEquals"], random),
        number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static (string Operation, string Expected) Text(string key, Random random, JsonValue question)
    {
        var actual = key switch
        {
            "Agent:DID" => question.FindText("agent") ?? "did:key:zA",
            "Tool:Name" => question.FindText("tool") ?? "github",
            "Model:Name" => question.FindText("model") ?? "gpt-4o",
            "Model:Provider" => question.FindText("provider") ?? "openai",
            _ => question.Find("stated")?.FindText(key) ?? "gateway",
        };
        var expected = random.Next(3) > 0 ? actual : ValueOf(key, random);
        return random.Next(5) switch
        {
            0 => ("StringEquals", expected),
            1 => ("StringNotEquals", expected),
            2 or 3 => ("StringLike", GlobGenerator.From(expected, random)),
            _ => ("StringNotLike", GlobGenerator.From(expected, random)),
        };
    }

    private static string OneOf(ImmutableArray<string> items, Random random) => items[random.Next(items.Length)];
}
