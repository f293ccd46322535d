using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Policies;

/// <summary>Reads work_policy_contract.v2, a closed schema. What it lets pass is evaluated without errors, and means what it says.</summary>
internal static class WpcV2Reader
{
    private const int IdLengthMax = 128;
    private const int StatementCountMax = 64;
    private const int ActionCountMax = 64;
    private const int ActionLengthMax = 256;
    private const int ResourceCountMax = 256;
    private const int ResourceLengthMax = 512;

    private static readonly ImmutableArray<string> CoverageModes = ["observe", "warn", "enforce"];
    private static readonly ImmutableArray<string> WebModes = ["warn", "enforce"];
    private static readonly ImmutableArray<string> TransparencyModes = ["optional", "warn", "enforce"];

    public static WpcV2 Read(JsonCursor root)
    {
        _ = root.IsObjectOf("policy_version", "policy_id", "issuer_did", "inherits", "coverage_enforcement", "witnessed_web_policy", "statements", "metadata");
        _ = WpcMembers.OneOf(root.Required("policy_version"), ["2"]);
        var policyId = root.Required("policy_id")?.AsText(IdLengthMax) ?? "";
        var issuerDid = WpcMembers.ReadIssuer(root.Required("issuer_did"));
        var inherits = ReadInherits(root.Optional("inherits"));
        _ = WpcMembers.OneOf(root.Optional("coverage_enforcement"), CoverageModes);
        ReadWebPolicy(root.Optional("witnessed_web_policy"));
        var statements = ReadStatements(root.Required("statements"));
        WpcMembers.ReadMetadata(root.Optional("metadata"));
        return new WpcV2(root.Value, policyId, issuerDid, Sha256.OfCanonical(root.Value), inherits, statements);
    }

    private static string? ReadInherits(JsonCursor? member)
    {
        var text = member?.AsText(IdLengthMax);
        if (text is not null && !Base64UrlText.IsSha256(text))
        {
            member?.Refuse("the hash of a policy is expected", "43 base64url characters, as `clawpdp policy hash` prints them; a policy id names no policy for certain");
        }

        return text;
    }

    private static void ReadWebPolicy(JsonCursor? member)
    {
        if (member is null || !member.IsObjectOf("mode", "quorum", "transparency"))
        {
            return;
        }

        _ = WpcMembers.OneOf(member.Optional("mode"), WebModes);
        if (member.Optional("quorum") is { } quorum && quorum.IsObjectOf("m", "n"))
        {
            var m = quorum.Required("m")?.AsInteger(1, int.MaxValue);
            var n = quorum.Required("n")?.AsInteger(1, int.MaxValue);
            if (m > n)
            {
                quorum.Refuse("`m` of `n` are expected, and `m` is the greater");
            }
        }

        if (member.Optional("transparency") is { } transparency && transparency.IsObjectOf("mode", "required_after"))
        {
            _ = WpcMembers.OneOf(transparency.Optional("mode"), TransparencyModes);
            if (transparency.Optional("required_after") is { } instant && instant.AsText(64) is { } text && !Rfc3339.TryParse(text, out _))
            {
                instant.Refuse("a date-time is expected", "such as 2026-01-01T00:00:00Z (RFC 3339)");
            }
        }
    }

    private static ImmutableArray<PolicyStatement> ReadStatements(JsonCursor? list)
    {
        var statements = ImmutableArray.CreateBuilder<PolicyStatement>();
        var sids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list?.AsArray(StatementCountMax, 1) ?? [])
        {
            if (item.IsObjectOf("sid", "effect", "actions", "resources", "conditions"))
            {
                var statement = ReadStatement(item);
                statements.Add(statement);
                if (statement.Sid.Length > 0 && !sids.Add(statement.Sid))
                {
                    item.Optional("sid")?.Refuse("the sid stands twice in the policy", "give each statement its own");
                }
            }
        }

        return statements.ToImmutable();
    }

    private static PolicyStatement ReadStatement(JsonCursor item)
    {
        var sid = item.Required("sid")?.AsText(IdLengthMax) ?? "";
        var effect = WpcMembers.OneOf(item.Required("effect"), ["Allow", "Deny"]) switch
        {
            "Allow" => Effect.Allow,
            "Deny" => Effect.Deny,
            _ => Effect.Unspecified,
        };
        var actions = ReadActions(item.Required("actions"));
        var matched = actions.SelectMany(static pattern => PolicyActions.MatchedBy(pattern)).ToHashSet();
        var resources = ReadResources(item.Required("resources"), matched, effect);
        return new PolicyStatement(sid, effect, actions, resources, ConditionReader.Read(item.Optional("conditions"), effect));
    }

    private static ImmutableArray<SegmentGlob> ReadActions(JsonCursor? list)
    {
        var patterns = ImmutableArray.CreateBuilder<SegmentGlob>();
        foreach (var item in list?.AsArray(ActionCountMax, 1) ?? [])
        {
            if (item.AsText(ActionLengthMax) is { } text)
            {
                var pattern = SegmentGlob.Parse(text);
                patterns.Add(pattern);

                // A misspelt action would keep a Deny from ever matching.
                if (PolicyActions.MatchedBy(pattern).IsEmpty)
                {
                    item.Refuse("no action is called that", "known: " + string.Join(", ", Enum.GetValues<PolicyAction>().Skip(1).Select(PolicyActions.NameOf)));
                }
            }
        }

        return patterns.ToImmutable();
    }

    private static ImmutableArray<SegmentGlob> ReadResources(JsonCursor? list, HashSet<PolicyAction> actions, Effect effect)
    {
        var isAskedForHosts = actions.Contains(PolicyAction.NetworkEgress) && !actions.Contains(PolicyAction.ToolExecute) && !actions.Contains(PolicyAction.ModelInvoke);
        var patterns = ImmutableArray.CreateBuilder<SegmentGlob>();
        foreach (var item in list?.AsArray(ResourceCountMax, 1) ?? [])
        {
            if (item.AsText(ResourceLengthMax) is { } text)
            {
                patterns.Add(SegmentGlob.Parse(text));
                if (isAskedForHosts && actions.Count == 1)
                {
                    PolicyHostPattern.Check(item, text, effect != Effect.Allow);
                }
                else if (isAskedForHosts && effect != Effect.Allow)
                {
                    PolicyHostPattern.CheckSpelling(item, text);
                }
            }
        }

        return patterns.ToImmutable();
    }
}
