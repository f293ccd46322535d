using ClawPdp.Core.Encoding;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Json;

namespace ClawPdp.Audit.Questions;

/// <summary>The action that a receipt is about, as it was checked; read by the grammar.</summary>
internal sealed class ActionOf
{
    private ActionOf(ToolName? tool, ModelName? model, HostName? host, string? provider)
    {
        Tool = tool;
        Model = model;
        Host = host;
        Provider = provider;
    }

    public ToolName? Tool { get; }

    public ModelName? Model { get; }

    public HostName? Host { get; }

    public string? Provider { get; }

    /// <summary>Reads the action of a receipt's record; <see langword="null"/> when a name is none, or nothing is named.</summary>
    public static ActionOf? Read(AuditedRecord receipt)
    {
        ToolName? tool = null;
        ModelName? model = null;
        HostName? host = null;
        var isReadable = (receipt.Text("tool").Length == 0 || ToolName.TryParse(receipt.Text("tool"), out tool))
            && (receipt.Text("model").Length == 0 || ModelName.TryParse(receipt.Text("model"), out model))
            && (receipt.Text("host").Length == 0 || HostName.TryParse(receipt.Text("host"), out host));
        return isReadable && (tool is not null || model is not null || host is not null)
            ? new ActionOf(tool, model, host, receipt.Text("provider").Length > 0 ? receipt.Text("provider") : null)
            : null;
    }

    /// <summary>Tells whether the signed receipt says the same as the record about what was done.</summary>
    public static bool Agrees(AuditedRecord receipt)
    {
        var payload = receipt.Payload;
        return receipt.Text("receipt_type") switch
        {
            "gateway_receipt" => Same(receipt.Text("model"), payload.FindText("model")) && Same(receipt.Text("provider"), payload.FindText("provider")),
            "tool_receipt" => Same(receipt.Text("tool"), payload.FindText("tool_name")),

            // A side effect names no host, only the hash of its target: that of the host where none else was given.
            "side_effect_receipt" => receipt.Text("host").Length > 0 || receipt.Text("tool").Length > 0,
            _ => false,
        };
    }

    /// <summary>Tells whether a side effect's receipt itself names the host, by its hash.</summary>
    public static bool IsHostSigned(AuditedRecord receipt) =>
        string.Equals(receipt.Payload.FindText("target_hash_b64u"), Sha256.OfCanonical(JsonValue.Of(receipt.Text("host"))), StringComparison.Ordinal);

    /// <summary>Gives the action in words.</summary>
    public static string Words(AuditedRecord record)
    {
        string[] parts =
        [
            record.Text("tool") is { Length: > 0 } tool ? "tool " + tool : "",
            record.Text("model") is { Length: > 0 } model ? "model " + model : "",
            record.Text("host") is { Length: > 0 } host ? "host " + host : "",
        ];
        return string.Join(", ", parts.Where(static part => part.Length > 0));
    }

    private static bool Same(string recorded, string? signed) => string.Equals(recorded, signed ?? "", StringComparison.Ordinal);
}
