using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;

namespace ClawPdp.Core.Tests.Policies;

/// <summary>What came of a case, as one comparable line: the effect, and for a denial what was not allowed, where and why; and the ids.</summary>
internal static class PolicyVerdict
{
    public static string Write(string effect, string failure, string action, int link, IEnumerable<string> sids)
    {
        var ids = $"[{string.Join(", ", sids)}]";
        return effect is "ALLOW" ? $"ALLOW {ids}" : string.Create(CultureInfo.InvariantCulture, $"{effect} {failure} {action} {link} {ids}");
    }

    /// <summary>Writes an outcome of a chain.</summary>
    public static string Write(PolicyChain chain, PolicyOutcome outcome) =>
        Write(outcome.IsAllowed ? "ALLOW" : "DENY", WordFor(outcome.Failure), PolicyActions.NameOf(outcome.Action), outcome.Link, chain.StatementIdsOf(outcome));

    /// <summary>Judges one dimension link by link with any text as its resource, which no whole question could carry.</summary>
    public static string WriteRaw(PolicyChain chain, PolicyAction action, string resource, in PolicyQuestion question)
    {
        var sids = ImmutableArray.CreateBuilder<string>();
        for (var link = 0; link < chain.Links.Length; link++)
        {
            var outcome = chain.Links[link].Judge(action, resource, question);
            var matched = chain.Links[link].Statements.Where((_, place) => (outcome.Statements & (1UL << place)) != 0).Select(static statement => statement.Sid);
            if (outcome.Failure != PolicyFailure.None)
            {
                return Write("DENY", WordFor(outcome.Failure), PolicyActions.NameOf(action), link, matched);
            }

            sids.AddRange(matched);
        }

        return Write("ALLOW", "", "", 0, sids);
    }

    /// <summary>Reads the second judge's line.</summary>
    public static string Read(string line)
    {
        var answer = JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(line), 1 << 20).Value;
        return Write(
            answer.FindText("effect") ?? "",
            answer.FindText("failure") ?? "",
            answer.FindText("action") ?? "",
            (int)(answer.Find("link")?.Number ?? -1),
            (answer.Find("sids")?.Items ?? []).Select(static item => item.Text));
    }

    private static string WordFor(PolicyFailure failure) => failure switch
    {
        PolicyFailure.None => "allowed",
        PolicyFailure.ProviderNotAllowed => "provider",
        PolicyFailure.ModelNotAllowed => "model",
        PolicyFailure.ModelIdentityTierTooLow => "tier",
        PolicyFailure.EgressNotAllowed => "egress",
        PolicyFailure.Denied => "denied",
        PolicyFailure.NotAllowed => "not_allowed",
        _ => "not_judged",
    };
}
