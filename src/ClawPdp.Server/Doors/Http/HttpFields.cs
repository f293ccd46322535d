using System.Collections.Immutable;

namespace ClawPdp.Server.Doors.Http;

/// <summary>The fields of a question as headers hold them.</summary>
internal static class HttpFields
{
    /// <summary>What the names of all our headers start with.</summary>
    public const string Prefix = "x-claw-";

    /// <summary>The header of the host; what it means depends on the rules.</summary>
    public const string HostHeader = "x-claw-host";

    /// <summary>The header of an approval: base64url of the signed envelope; it may repeat, or hold several after commas.</summary>
    public const string ApprovalHeader = "x-claw-approval";

    /// <summary>The header with nothing but the token.</summary>
    public const string TokenHeader = "x-cst";

    /// <summary>The header with the token after <c>Bearer</c>.</summary>
    public const string AuthorizationHeader = "authorization";

    /// <summary>The operator's name of the host.</summary>
    public const string Host = "host";

    /// <summary>Gets the fields that a header holds by itself.</summary>
    public static ImmutableArray<HttpField> Single { get; } =
    [
        new("tool", FieldOwner.Either, static (request, value) => request.Tool = value),
        new("model", FieldOwner.Either, static (request, value) => request.Model = value),
        new("provider", FieldOwner.Either, static (request, value) => request.Provider = value),
        new("policy_hash", FieldOwner.Either, static (request, value) => request.PolicyHash = value),

        // It chooses the policy that decides.
        new("audience", FieldOwner.Operator, static (request, value) => request.Audience = value),
        new("run_id", FieldOwner.Caller, static (request, value) => request.RunId = value),
        new("event_hash", FieldOwner.Caller, static (request, value) => request.EventHashB64U = value),
        new("args_hash", FieldOwner.Caller, static (request, value) => request.ArgsHashB64U = value),
        new("request_id", FieldOwner.Caller, static (request, value) => request.RequestId = value),
    ];

    /// <summary>Gets the names of what an operator may state.</summary>
    public static ImmutableArray<string> OperatorNames { get; } = [.. Single.Where(static field => field.IsOperators).Select(static field => field.Name), Host];

    /// <summary>Gives the header of a field.</summary>
    public static string HeaderOf(string name) => Prefix + name.Replace('_', '-');

    /// <summary>Tells whether a header is one of ours that a caller may send.</summary>
    public static bool IsKnown(string header) =>
        header is HostHeader or ApprovalHeader || Single.Any(field => string.Equals(field.Header, header, StringComparison.Ordinal));
}
