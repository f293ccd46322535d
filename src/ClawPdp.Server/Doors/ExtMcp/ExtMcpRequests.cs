using System.Diagnostics.CodeAnalysis;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Protocols.ExtMcp;
using ClawPdp.Server.Doors.Http;
using ClawPdp.Server.Grpc;
using Google.Protobuf.WellKnownTypes;

namespace ClawPdp.Server.Doors.ExtMcp;

/// <summary>Makes questions of requests of MCP.</summary>
internal static class ExtMcpRequests
{
    /// <summary>The operator's name of the token; it counts as the header <c>x-cst</c>.</summary>
    public const string TokenKey = "cst";

    private const string ParametersField = "params";
    private const int KeyShownMax = 64;

    /// <summary>Makes the question of a call of a tool: the tool, with its arguments.</summary>
    /// <param name="request">The call.</param>
    /// <param name="rules">The door's rules.</param>
    public static HttpReading ReadCall(McpRequest request, HttpRules rules)
    {
        if (!TryReadParameters(request, out var parameters))
        {
            return Refuse(ParametersField, "strict JSON is expected");
        }

        return McpCall.TryRead(parameters, out var name, out var arguments)
            ? Read(request, name, arguments, rules)
            : Refuse(ParametersField, "a name and an object of arguments are expected");
    }

    /// <summary>Makes the question of another request: its method in a tool's place, with its params.</summary>
    /// <param name="request">The request.</param>
    /// <param name="rules">The door's rules.</param>
    public static HttpReading ReadMethod(McpRequest request, HttpRules rules) =>
        TryReadParameters(request, out var parameters) ? Read(request, request.Method, parameters, rules) : Refuse(ParametersField, "strict JSON is expected");

    /// <summary>Reads what there is of a question without the call: the token and what the operator states.</summary>
    /// <param name="metadata">The operator's expressions; <see langword="null"/> for none.</param>
    /// <param name="headers">The headers.</param>
    /// <param name="rules">The rules.</param>
    public static HttpReading Read(Struct? metadata, List<KeyValuePair<string, string>> headers, HttpRules rules)
    {
        foreach (var (key, value) in metadata?.Fields ?? [])
        {
            if (value.KindCase != Value.KindOneofCase.StringValue || !IsKnown(key))
            {
                return Refuse("metadata_context." + VisibleText.Of(key.Length <= KeyShownMax ? key : key[..KeyShownMax]), "unknown key, or no text");
            }

            if (!string.Equals(key, TokenKey, StringComparison.Ordinal))
            {
                // An expression that came to nothing would take back what the settings state, and leave the word to the caller.
                if (value.StringValue.Length == 0)
                {
                    return Refuse("metadata_context." + key, "an empty text");
                }

                rules = rules with { Statements = rules.Statements.SetItem(key, value.StringValue) };
            }
            else if (value.StringValue.Length > 0 && !headers.Contains(new(HttpFields.TokenHeader, value.StringValue)))
            {
                // A second one that differs is refused as any header that stands twice.
                headers.Add(new(HttpFields.TokenHeader, value.StringValue));
            }
        }

        return HttpQuestion.Read(new HttpShape { Headers = headers, Rules = rules });
    }

    private static HttpReading Read(McpRequest request, string name, JsonValue arguments, HttpRules rules)
    {
        if (request.ServiceNames is not [var service] || !McpToolNames.IsService(service))
        {
            return Refuse("service_names", "the name of one service is expected");
        }

        if (!ExactNumbers.AreIn(arguments))
        {
            return Refuse(ParametersField, "a number is too large to have a hash of its own; send it as text");
        }

        var stated = rules.Statements.SetItem("tool", McpToolNames.Of(service, name)).SetItem("args_hash", Sha256.OfCanonical(arguments));
        return Read(request.MetadataContext, HeadersOf(request), rules with { Statements = stated });
    }

    private static bool TryReadParameters(McpRequest request, [NotNullWhen(true)] out JsonValue? parameters)
    {
        parameters = JsonValue.Null;
        return !request.HasMcpRequest_ || JsonReader.Parse(request.McpRequest_.Span, RequestLimits.MessageMax).TryGet(out parameters);
    }

    private static bool IsKnown(string key) =>
        key is TokenKey || (!string.Equals(key, "tool", StringComparison.Ordinal) && HttpFields.OperatorNames.Contains(key, StringComparer.Ordinal));

    // Bytes that are no text make a value that no field takes.
    private static List<KeyValuePair<string, string>> HeadersOf(McpRequest request) =>
        [.. request.Headers.Select(static header => KeyValuePair.Create(header.Key.ToLowerInvariant(), header.Value.ToStringUtf8()))];

    private static HttpReading Refuse(string field, string message) => HttpReading.Of(new RequestFault(field, message));
}
