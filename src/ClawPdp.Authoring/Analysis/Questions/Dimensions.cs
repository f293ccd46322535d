using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Questions;

/// <summary>The three dimensions of a question, and the keys that tell of them.</summary>
internal static class Dimensions
{
    /// <summary>The key of a host's port.</summary>
    public const string PortKey = "SideEffect:TargetPort";

    /// <summary>The key of a model's provider.</summary>
    public const string ProviderKey = "Model:Provider";

    /// <summary>The key of the agent.</summary>
    public const string AgentKey = "Agent:DID";

    /// <summary>The key of the hour.</summary>
    public const string HourKey = "Context:Hour";

    /// <summary>The key of the day of the week.</summary>
    public const string DayKey = "Context:DayOfWeek";

    /// <summary>The key of a human's approval.</summary>
    public const string ApprovalKey = "Request:HasHumanApproval";

    /// <summary>Gives the key whose value is the resource of a dimension.</summary>
    public static string KeyOf(PolicyAction action) => action switch
    {
        PolicyAction.ToolExecute => "Tool:Name",
        PolicyAction.ModelInvoke => "Model:Name",
        PolicyAction.NetworkEgress => "SideEffect:TargetDomain",
        _ => "",
    };

    /// <summary>Gives the dimension that must be asked for a key to have a value; <see cref="PolicyAction.Unspecified"/> for none.</summary>
    public static PolicyAction DimensionOf(string key) => key switch
    {
        "Tool:Name" => PolicyAction.ToolExecute,
        "Model:Name" => PolicyAction.ModelInvoke,
        "SideEffect:TargetDomain" or PortKey => PolicyAction.NetworkEgress,
        _ => PolicyAction.Unspecified,
    };

    /// <summary>Gives the word for people.</summary>
    public static string WordOf(PolicyAction action) => action switch
    {
        PolicyAction.ToolExecute => "tool",
        PolicyAction.ModelInvoke => "model",
        PolicyAction.NetworkEgress => "host",
        _ => "action",
    };
}
