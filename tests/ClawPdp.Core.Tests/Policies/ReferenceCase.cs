using System.Collections.Immutable;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using ClawPdp.Core.Tests.Grammar;

namespace ClawPdp.Core.Tests.Policies;

/// <summary>
/// A case of the reference evaluator in our terms. Its policies lack what our closed schema demands, so that the adapter fills in
/// <c>policy_id</c> and <c>issuer_did</c>; keys outside the language (<c>K</c>, <c>constructor</c>) become <c>Caller:K</c>; the action <c>a</c>
/// becomes <c>tool:execute</c>; <c>inherits</c> names its policy by hash. A policy that our loader refuses denies without statements.
/// </summary>
internal sealed class ReferenceCase
{
    private const string NoSuchHash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private readonly JsonValue _case;

    private ReferenceCase(JsonValue text) => _case = text;

    public static ImmutableArray<ReferenceCase> All { get; } =
        [.. JsonReader.Parse(TestData.Vector("policy_cases.json"), 1 << 20).Value.Items.Select(static item => new ReferenceCase(item))];

    public string Name => _case.FindText("name") ?? "";

    /// <summary>Gets the reference's answer: its effect, and the ids of its statements when the case tells them.</summary>
    public string Expected => Write(_case.FindText("expect") ?? "", _case.Find("expect_sids")?.Items.Select(static item => item.Text));

    /// <summary>Gives our answer in the same form.</summary>
    public string Judge()
    {
        var isTold = _case.Find("expect_sids") is not null;
        var known = new Dictionary<string, WorkPolicyContract>(StringComparer.Ordinal);
        if (_case.Find("policy") is not { } text
            || !WpcLoader.Load(Adapt(text, known)).TryGet(out var policy)
            || !PolicyChain.Resolve(policy, known.GetValueOrDefault).TryGet(out var chain))
        {
            return Write("DENY", isTold ? [] : null);
        }

        var question = Question(out var action, out var resource);
        var sids = new List<string>();
        foreach (var link in chain.Links)
        {
            var outcome = link.Judge(action, resource, question);
            var matched = link.Statements.Where((_, place) => (outcome.Statements & (1UL << place)) != 0).Select(static statement => statement.Sid);
            if (outcome.Failure != PolicyFailure.None)
            {
                return Write("DENY", isTold ? matched : null);
            }

            sids.AddRange(matched);
        }

        return Write("ALLOW", isTold ? sids : null);
    }

    private static string Write(string effect, IEnumerable<string>? sids) => sids is null ? effect : $"{effect} [{string.Join(", ", sids)}]";

    private static string KeyOf(string name) => name is "K" or "constructor" ? ContextKey.StatedPrefix + name : name;

    private static JsonValue Map(JsonValue value, Func<JsonMember, JsonMember> change) => JsonValue.ObjectOf([.. value.Members.Select(change)]);

    private static JsonMember AdaptStatements(JsonMember member) => member.Name is not "statements" ? member : new(
        member.Name,
        JsonValue.ArrayOf([.. member.Value.Items.Select(static item => Map(item, static part => part.Name is "conditions" ? new(part.Name, AdaptConditions(part.Value)) : part))]));

    private static JsonValue AdaptConditions(JsonValue conditions) =>
        Map(conditions, static operation => new(operation.Name, Map(operation.Value, static operand => new(KeyOf(operand.Name), operand.Value))));

    // Parents are adapted first, since the hash of what they become is their name.
    private JsonValue Adapt(JsonValue policy, Dictionary<string, WorkPolicyContract> known)
    {
        var adapted = Map(policy, AdaptStatements).Members;
        if (policy.FindText("inherits") is { } name)
        {
            var hash = NoSuchHash;
            if (_case.Find("parents")?.Find(name) is { } parent && WpcLoader.Load(Adapt(parent, known)).TryGet(out var loaded))
            {
                hash = loaded.PolicyHash;
                known[hash] = loaded;
            }

            adapted = [.. adapted.Where(static member => member.Name is not "inherits"), new("inherits", JsonValue.Of(hash))];
        }

        foreach (var (member, value) in ((string, string)[])[("policy_id", "p"), ("issuer_did", "did:key:z")])
        {
            adapted = adapted.Any(found => string.Equals(found.Name, member, StringComparison.Ordinal)) ? adapted : adapted.Add(new(member, JsonValue.Of(value)));
        }

        return JsonValue.ObjectOf(adapted);
    }

    private PolicyQuestion Question(out PolicyAction action, out string resource)
    {
        var context = (_case.Find("context")?.Members ?? []).ToDictionary(static member => KeyOf(member.Name), static member => member.Value.Text, StringComparer.Ordinal);
        resource = _case.FindText("resource") ?? "";
        action = _case.FindText("action") switch
        {
            "model:invoke" => PolicyAction.ModelInvoke,
            "side_effect:network_egress" => PolicyAction.NetworkEgress,
            _ => PolicyAction.ToolExecute,
        };
        var host = action == PolicyAction.NetworkEgress ? resource : context.GetValueOrDefault("SideEffect:TargetDomain");
        return new PolicyQuestion
        {
            Host = host is null ? null : Samples.Host(host),
            Provider = context.GetValueOrDefault("Model:Provider"),
            Stated = context,
        };
    }
}
