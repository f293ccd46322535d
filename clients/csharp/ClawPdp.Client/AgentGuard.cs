using ClawPdp.V1;

namespace ClawPdp.Client;

/// <summary>Asks first, acts only if allowed, and signs after, whether the action succeeded or not.</summary>
public static class AgentGuard
{
    /// <summary>Does an action under guard.</summary>
    /// <param name="client">The sidecar.</param>
    /// <param name="action">What is to be done.</param>
    /// <param name="act">Does it, and gives what came of it. It is called only if it is allowed.</param>
    /// <param name="resultHash">Gives the digest of what came of it; <see langword="null"/> states none, as the digest of <c>null</c>.</param>
    /// <param name="cancellation">Ends the question and the action. The receipt of what was done is signed all the same.</param>
    /// <exception cref="AuthorizationDeniedException">It is not allowed; nothing was done.</exception>
    /// <exception cref="ReceiptNotSignedException">It was done, and no receipt is known to be signed. What the action threw is its inner exception.</exception>
    public static async Task<T> RunAsync<T>(
        this ClawPdpClient client,
        AgentAction action,
        Func<CancellationToken, Task<T>> act,
        Func<T, string>? resultHash = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(act);
        var decision = await client.AuthorizeAsync(action, cancellation);
        decision.ThrowIfDenied();
        var started = client.Time.GetTimestamp();
        T result;
        try
        {
            result = await act(cancellation);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            var status = failure is TimeoutException ? ResultStatus.Timeout : ResultStatus.Error;
            await SignAsync(client, action, decision, new ActionReport { Status = status, Latency = client.Time.GetElapsedTime(started) }, failure);
            throw;
        }

        var report = new ActionReport { Latency = client.Time.GetElapsedTime(started) };
        try
        {
            report = report with { ResultHash = resultHash?.Invoke(result) ?? Digest.OfNull };
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            var refusal = AuthorizationDecision.Deny(ClientReasons.Report, DenialClass.Structural, "the digest of the result cannot be made");
            throw new ReceiptNotSignedException(refusal, action, report, "", failure);
        }

        await SignAsync(client, action, decision, report, cause: null);
        return result;
    }

    /// <summary>Does an action under guard that gives nothing.</summary>
    /// <exception cref="AuthorizationDeniedException">It is not allowed; nothing was done.</exception>
    /// <exception cref="ReceiptNotSignedException">It was done, and no receipt is known to be signed.</exception>
    public static Task RunAsync(this ClawPdpClient client, AgentAction action, Func<CancellationToken, Task> act, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(act);
        return client.RunAsync(
            action,
            async token =>
            {
                await act(token);
                return true;
            },
            static _ => Digest.OfNull,
            cancellation);
    }

    // What was done is signed even if the caller does not wait for it any more.
    private static async Task SignAsync(ClawPdpClient client, AgentAction action, AuthorizationDecision decision, ActionReport report, Exception? cause)
    {
        try
        {
            await client.SignReceiptAsync(action, decision, report, nonce: null, CancellationToken.None);
        }
        catch (ReceiptNotSignedException exception) when (cause is not null)
        {
            throw exception.After(cause);
        }
    }
}
