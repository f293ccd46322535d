namespace ClawPdp.Client;

/// <summary>An action that may not be done. The message holds no secret.</summary>
public sealed class AuthorizationDeniedException : Exception
{
    /// <param name="decision">The denial.</param>
    public AuthorizationDeniedException(AuthorizationDecision decision)
        : base($"denied: {decision.Reason} ({decision.ReasonClass}): {decision.Message}") => Decision = decision;

    /// <summary>Makes one without a denial of its own.</summary>
    public AuthorizationDeniedException()
        : this(new AuthorizationDecision())
    {
    }

    /// <param name="message">What happened.</param>
    public AuthorizationDeniedException(string message)
        : base(message) => Decision = new AuthorizationDecision();

    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why.</param>
    public AuthorizationDeniedException(string message, Exception innerException)
        : base(message, innerException) => Decision = new AuthorizationDecision();

    /// <summary>Gets the denial.</summary>
    public AuthorizationDecision Decision { get; }
}
