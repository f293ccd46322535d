using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Questions;

/// <summary>Makes the question in which given keys have given values.</summary>
internal static class QuestionMaker
{
    // A Sunday, at midnight.
    private static readonly DateTimeOffset FirstHour = new(2026, 1, 4, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Makes it.</summary>
    public static PolicyQuestion Make(Asked asked, ImmutableSortedDictionary<string, string?> facts)
    {
        var hostText = asked.NameOf(PolicyAction.NetworkEgress) is { } name && facts.GetValueOrDefault(Dimensions.PortKey) is { } port ? $"{name}:{port}" : asked.NameOf(PolicyAction.NetworkEgress);
        _ = ToolName.TryParse(asked.NameOf(PolicyAction.ToolExecute), out var tool);
        _ = ModelName.TryParse(asked.NameOf(PolicyAction.ModelInvoke), out var model);
        _ = HostName.TryParse(hostText, out var host);
        var stated = facts.Where(static fact => ContextKey.TryParse(fact.Key, out var key) && key.IsStated)
            .Where(static fact => fact.Value is not null)
            .ToDictionary(static fact => fact.Key, static fact => fact.Value ?? "", StringComparer.Ordinal);
        return new PolicyQuestion
        {
            Tool = tool,
            Model = model,
            Host = host,
            Provider = facts.GetValueOrDefault(Dimensions.ProviderKey),
            AgentDid = facts.GetValueOrDefault(Dimensions.AgentKey),
            At = FirstHour.AddDays(NumberOf(facts, Dimensions.DayKey)).AddHours(NumberOf(facts, Dimensions.HourKey)),
            HasHumanApproval = facts.GetValueOrDefault(Dimensions.ApprovalKey) is "true",
            Stated = stated.Count == 0 ? null : stated,
        };
    }

    private static int NumberOf(ImmutableSortedDictionary<string, string?> facts, string key) =>
        int.Parse(facts.GetValueOrDefault(key) ?? "0", NumberStyles.None, CultureInfo.InvariantCulture);
}
