using ClawPdp.Client;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Doors.McpGuard;

/// <summary>The errors that the guard answers itself (JSON-RPC 2.0, section 5.1; -32001 as the AuthZEN profile for MCP has it).</summary>
internal static class McpAnswers
{
    /// <summary>It was denied; nothing was done.</summary>
    public const int Denied = -32001;

    /// <summary>It was done, and its receipt is missing.</summary>
    public const int NotSigned = -32003;

    /// <summary>The text is no JSON.</summary>
    public const int ParseError = -32700;

    /// <summary>It is no message of the protocol.</summary>
    public const int InvalidRequest = -32600;

    /// <summary>The parameters are none of a call.</summary>
    public const int InvalidParams = -32602;

    /// <summary>The server gave no answer.</summary>
    public const int InternalError = -32603;

    /// <summary>Writes an error.</summary>
    /// <param name="id">The request's id; <see langword="null"/> where it could not be read.</param>
    /// <param name="code">The code.</param>
    /// <param name="message">What happened, in words that the agent's model understands.</param>
    /// <param name="data">More, for programs.</param>
    public static byte[] Error(JsonValue? id, int code, string message, JsonValue? data = null) => JsonWriter.WriteCanonical(new JsonObjectBuilder()
        .Add("jsonrpc", "2.0")
        .Add("id", id ?? JsonValue.Null)
        .Add("error", new JsonObjectBuilder().Add("code", code).Add("message", message).AddIfPresent("data", data).Build())
        .Build());

    /// <summary>Writes that a text is no message.</summary>
    /// <param name="fault">What is wrong with it.</param>
    public static byte[] Unreadable(string fault) => Error(id: null, ParseError, $"refused by ClawPdp: {fault}");

    /// <summary>Writes that there is no place for a request.</summary>
    public static byte[] InUse(JsonValue? id) => Error(id, InvalidRequest, "refused by ClawPdp: the id is in use, or too many requests wait for the server");

    /// <summary>Writes that there is no answer of the server.</summary>
    /// <param name="id">The request's id; <see langword="null"/> for a notification.</param>
    /// <param name="message">Why.</param>
    public static byte[] NoAnswer(JsonValue? id, string message) => Error(id, InternalError, message);

    /// <summary>Writes a denial, with what an agent can make of it.</summary>
    public static byte[] Deny(JsonValue? id, AuthorizationDecision decision) => Error(
        id,
        Denied,
        $"denied: {decision.Reason}: {decision.Message}. {AdviceOf(decision.ReasonClass)}",
        new JsonObjectBuilder()
            .Add("reason", decision.Reason)
            .Add("reason_class", NameOf(decision.ReasonClass))
            .AddIfPresent("decision_id", decision.DecisionId)
            .AddIfPresent("retry_after_ms", decision.RetryAfter is { } wait ? (long)wait.TotalMilliseconds : null)
            .Build());

    /// <summary>Writes that something was done without a receipt. What came of it is kept back: it must not count as done in order.</summary>
    public static byte[] Unsigned(JsonValue? id, ReceiptNotSignedException failure) => Error(
        id,
        NotSigned,
        "the call was made, but no receipt of it could be signed, so its result is kept back; do not repeat it without looking at what it did",
        new JsonObjectBuilder().Add("reason", failure.Refusal.Reason).Add("reason_class", NameOf(failure.Refusal.ReasonClass)).AddIfPresent("nonce", failure.Nonce).Build());

    /// <summary>Writes an answer with another result.</summary>
    public static byte[] Result(JsonValue? id, JsonValue result) =>
        JsonWriter.WriteAsReceived(new JsonObjectBuilder().Add("jsonrpc", "2.0").Add("id", id ?? JsonValue.Null).Add("result", result).Build());

    // The numbers of the classes are those of the catalogue.
    private static string NameOf(DenialClass reasonClass) => ReasonCatalog.NameOf((ReasonClass)(int)reasonClass);

    private static string AdviceOf(DenialClass reasonClass) => reasonClass switch
    {
        DenialClass.Requestable => "A human can grant it: ask your user.",
        DenialClass.Reissue => "A new token may be granted it: sign in again.",
        DenialClass.Transient => "Try again later.",
        _ => "Do not try again: the answer stays the same.",
    };
}
