namespace ClawPdp.Client;

/// <summary>The reasons of denials that the client makes itself, because the sidecar gave no answer that it can use. Those of the sidecar stand in docs/reason-codes.md.</summary>
public static class ClientReasons
{
    /// <summary>No sidecar was reached, or it is not ready. Transient.</summary>
    public const string Unavailable = "CLIENT_UNAVAILABLE";

    /// <summary>No answer came in time. Transient.</summary>
    public const string Deadline = "CLIENT_DEADLINE";

    /// <summary>The caller, or something between, cancelled the call. Transient.</summary>
    public const string Cancelled = "CLIENT_CANCELLED";

    /// <summary>The sidecar has no room now, and said when to come again. Transient.</summary>
    public const string Overloaded = "CLIENT_OVERLOADED";

    /// <summary>A message is too large for one of the sides. Structural.</summary>
    public const string Limit = "CLIENT_LIMIT";

    /// <summary>The question is none: a field is malformed or over its limit. Structural.</summary>
    public const string RequestInvalid = "CLIENT_REQUEST_INVALID";

    /// <summary>There is no token to ask with. Reissue.</summary>
    public const string NoToken = "CLIENT_TOKEN";

    /// <summary>The key of the token's holder could not sign the proof of a call. Structural.</summary>
    public const string NoProof = "CLIENT_PROOF";

    /// <summary>What came is no answer of this protocol, or contradicts itself. Structural.</summary>
    public const string Protocol = "CLIENT_PROTOCOL";

    /// <summary>It was allowed under an obligation that this client cannot fulfil. Structural.</summary>
    public const string Obligation = "CLIENT_OBLIGATION";

    /// <summary>The report of what came of an action cannot be made. Structural.</summary>
    public const string Report = "CLIENT_REPORT";
}
