using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;

namespace ClawPdp.Core.Tests.Policies;

/// <summary>
/// A chain of policies and a question, as JSON in the form that the second judge reads too: <c>{"policies": [...], "question": {...}}</c>, what
/// is inherited from first and <c>inherits</c> left out, since the order says it.
/// </summary>
internal sealed class PolicyCase
{
    private PolicyCase(JsonValue text, PolicyChain chain, PolicyQuestion question)
    {
        Text = text;
        Chain = chain;
        Question = question;
    }

    public JsonValue Text { get; }

    public PolicyChain Chain { get; }

    public PolicyQuestion Question { get; }

    public bool IsRaw => Text.Find("question")?.Find("raw") is not null;

    /// <summary>Gets the case as a line of ASCII.</summary>
    public string Line => Ascii(JsonWriter.CanonicalText(Text));

    public static PolicyCase Read(string line) =>
        TryRead(JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(line), 1 << 20).Value, out var fault) ?? throw new ArgumentException(fault, nameof(line));

    /// <summary>Judges a case that was printed.</summary>
    public static string Judge(string line) => Read(line).Judge();

    /// <summary>Reads a case; <see langword="null"/> when its policies or its question are none.</summary>
    public static PolicyCase? TryRead(JsonValue text, out string fault)
    {
        fault = "the question is none";
        var known = new Dictionary<string, WorkPolicyContract>(StringComparer.Ordinal);
        WorkPolicyContract? last = null;
        foreach (var payload in text.Find("policies")?.Items ?? [])
        {
            var loaded = WpcLoader.Load(last is null ? payload : JsonValue.ObjectOf(payload.Members.Add(new JsonMember("inherits", JsonValue.Of(last.PolicyHash)))));
            if (!loaded.TryGet(out last))
            {
                fault = string.Join("; ", loaded.Faults);
                return null;
            }

            known[last.PolicyHash] = last;
        }

        if (last is null || !PolicyChain.Resolve(last, known.GetValueOrDefault).TryGet(out var chain) || !TryReadQuestion(text.Find("question"), out var question))
        {
            return null;
        }

        return new PolicyCase(text, chain, question);
    }

    public string Judge()
    {
        if (Text.Find("question")?.Find("raw") is not { } raw)
        {
            return PolicyVerdict.Write(Chain, Chain.Evaluate(Question));
        }

        return PolicyVerdict.WriteRaw(Chain, ActionOf(raw), raw.FindText("resource") ?? "", Question);
    }

    private static PolicyAction ActionOf(JsonValue raw) =>
        PolicyActions.Asked.FirstOrDefault(action => string.Equals(PolicyActions.NameOf(action), raw.FindText("action"), StringComparison.Ordinal));

    private static bool TryReadQuestion(JsonValue? asked, out PolicyQuestion question)
    {
        question = default;
        var (tool, model, host) = (default(ToolName?), default(ModelName?), default(HostName?));
        if (asked is null
            || (asked.FindText("tool") is { } toolText && !ToolName.TryParse(toolText, out tool))
            || (asked.FindText("model") is { } modelText && !ModelName.TryParse(modelText, out model))
            || (asked.FindText("host") is { } hostText && !HostName.TryParse(hostText, out host))
            || (asked.Find("raw") is { } raw && (ActionOf(raw) == PolicyAction.Unspecified || raw.FindText("resource") is null))
            || !Core.Encoding.Rfc3339.TryParse(asked.FindText("at"), out var at))
        {
            return false;
        }

        question = new PolicyQuestion
        {
            Tool = tool,
            Model = model,
            Host = host,
            Provider = asked.FindText("provider"),
            AgentDid = asked.FindText("agent"),
            At = at,
            HasHumanApproval = asked.Find("approval")?.IsTrue == true,
            Stated = (asked.Find("stated")?.Members ?? []).ToDictionary(static member => member.Name, static member => member.Value.Text, StringComparer.Ordinal),
        };
        return true;
    }

    private static string Ascii(string json)
    {
        var text = new StringBuilder(json.Length);
        foreach (var unit in json)
        {
            _ = char.IsAscii(unit) ? text.Append(unit) : text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }

        return text.ToString();
    }
}
