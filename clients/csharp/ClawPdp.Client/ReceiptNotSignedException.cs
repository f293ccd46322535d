namespace ClawPdp.Client;

/// <summary>An action that was done, and whose receipt was not signed, or is not known to be.</summary>
public sealed class ReceiptNotSignedException : Exception
{
    /// <param name="refusal">Why.</param>
    /// <param name="action">What was done.</param>
    /// <param name="report">What came of it.</param>
    /// <param name="nonce">The nonce that a further try must have.</param>
    /// <param name="inner">What the action itself threw.</param>
    public ReceiptNotSignedException(AuthorizationDecision refusal, AgentAction action, ActionReport report, string nonce, Exception? inner = null)
        : base($"done, but no receipt was signed: {refusal.Reason}: {refusal.Message}", inner)
    {
        Refusal = refusal;
        Action = action;
        Report = report;
        Nonce = nonce;
    }

    /// <summary>Makes one that says nothing of the action.</summary>
    public ReceiptNotSignedException()
        : this("no receipt was signed")
    {
    }

    /// <param name="message">What happened.</param>
    public ReceiptNotSignedException(string message)
        : base(message) => (Refusal, Action, Report, Nonce) = (new AuthorizationDecision(), new AgentAction(), new ActionReport(), "");

    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why.</param>
    public ReceiptNotSignedException(string message, Exception innerException)
        : base(message, innerException) => (Refusal, Action, Report, Nonce) = (new AuthorizationDecision(), new AgentAction(), new ActionReport(), "");

    /// <summary>Gets why.</summary>
    public AuthorizationDecision Refusal { get; }

    /// <summary>Gets what was done.</summary>
    public AgentAction Action { get; }

    /// <summary>Gets what came of it.</summary>
    public ActionReport Report { get; }

    /// <summary>Gets the nonce: a further try with it, and all else equal, finds the receipt that was signed after all, or signs it.</summary>
    public string Nonce { get; }

    /// <summary>Gives the same with what the action itself threw.</summary>
    internal ReceiptNotSignedException After(Exception? inner) => inner is null ? this : new ReceiptNotSignedException(Refusal, Action, Report, Nonce, inner);
}
