using ClawPdp.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClawPdp.Client;

/// <summary>
/// A sidecar, for one agent: asks before it acts and signs what was done. Every failure of a question is a denial; nothing here throws instead of
/// denying, but where the caller itself gives a question up. Safe for use from many threads at once; keep one for the life of the process.
/// </summary>
public sealed class ClawPdpClient : IAsyncDisposable
{
    /// <summary>The most questions that go into one call of <see cref="AuthorizeAllAsync"/>.</summary>
    public const int BatchMax = 256;

    private const int AttemptsMax = 3;
    private static readonly TimeSpan WaitFirst = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(2);

    private readonly ClawPdpClientOptions _options;
    private readonly GrpcChannel _connection;
    private readonly ChannelBase _channel;
    private readonly DecisionService.DecisionServiceClient _decisions;
    private readonly ReceiptService.ReceiptServiceClient _receipts;
    private readonly DecisionCache? _cache;
    private readonly EpochFeed? _feed;

    /// <summary>Makes a client; it connects when it is first used.</summary>
    /// <exception cref="ArgumentException">The address is none, or would send a token in cleartext to another host.</exception>
    public ClawPdpClient(ClawPdpClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _connection = SidecarChannel.Open(options, out var uri);
        _channel = options.HolderKey is { } key ? new ProvenChannel(_connection, new HolderInterceptor(key, uri, options.Token, options.Time)) : _connection;
        _decisions = new DecisionService.DecisionServiceClient(_channel);
        _receipts = new ReceiptService.ReceiptServiceClient(_channel);
        if (options.CacheCapacity > 0)
        {
            _cache = new DecisionCache(options.CacheCapacity, options.Time);
            _feed = new EpochFeed(_decisions, _cache, options.Time);
        }
    }

    /// <summary>Gets the run of actions that name none.</summary>
    public string RunId => _options.RunId;

    /// <summary>Gets the channel, for the services that this client does not wrap. Its calls carry proofs of the holder's key, too.</summary>
    public ChannelBase Channel => _channel;

    internal TimeProvider Time => _options.Time;

    /// <summary>Asks whether an action may be done now. Never throws for what goes wrong: that is a denial.</summary>
    /// <exception cref="OperationCanceledException">The caller gave the question up, and there is no answer: nothing is allowed.</exception>
    public async ValueTask<AuthorizationDecision> AuthorizeAsync(AgentAction action, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(action);
        var (token, refusal) = await TokenAsync(cancellation);
        if (refusal is not null)
        {
            return refusal;
        }

        AuthorizeRequest question;
        try
        {
            question = action.ToQuestion(token, _options.RunId);
        }
        catch (ArgumentException)
        {
            return AuthorizationDecision.Deny(ClientReasons.RequestInvalid, DenialClass.Structural, "the question cannot be written: a member is null");
        }

        return _cache is null || _feed is null
            ? await AskAsync(question, cancellation)
            : await AskOrRecallAsync(question, _cache, _feed, cancellation);
    }

    /// <summary>Asks about many actions at once, each as if it were asked alone; nothing is kept or recalled.</summary>
    /// <param name="actions">The actions: at most <see cref="BatchMax"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The answers: as many, and in the order of the actions.</returns>
    /// <exception cref="OperationCanceledException">The caller gave the questions up, and there is no answer: nothing is allowed.</exception>
    public async ValueTask<IReadOnlyList<AuthorizationDecision>> AuthorizeAllAsync(IReadOnlyList<AgentAction> actions, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(actions);
        if (actions.Count > BatchMax)
        {
            throw new ArgumentException($"more than {BatchMax} actions", nameof(actions));
        }

        if (actions.Count == 0)
        {
            return [];
        }

        var (token, refusal) = await TokenAsync(cancellation);
        if (refusal is not null)
        {
            return [.. actions.Select(_ => refusal)];
        }

        var request = new AuthorizeBatchRequest();
        try
        {
            request.Requests.AddRange(actions.Select(action => action.ToQuestion(token, _options.RunId)));
            var batch = await _decisions.AuthorizeBatchAsync(request, deadline: Deadline(_options.AuthorizeTimeout), cancellationToken: cancellation);
            return [.. actions.Select((action, index) => index < batch.Responses.Count
                ? AnswerReader.Read(batch.Responses[index], action.RequestId, token)
                : AnswerReader.Contradict("there is no answer to this question"))];
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            cancellation.ThrowIfCancellationRequested();
            var failure = FailureOf(exception, token);
            return [.. actions.Select(_ => failure)];
        }
    }

    /// <summary>
    /// Signs what was done: the receipt is on disk when this returns. A try that may succeed later is repeated, three in all, with the same nonce,
    /// which makes it one receipt.
    /// </summary>
    /// <param name="action">What was done.</param>
    /// <param name="decision">What allowed it.</param>
    /// <param name="report">What came of it.</param>
    /// <param name="nonce">The request's key within its run; <see langword="null"/> makes one.</param>
    /// <param name="cancellation">Ends the wait; then it is not known whether a receipt was signed.</param>
    /// <exception cref="ReceiptNotSignedException">It was not signed, or is not known to be.</exception>
    public async Task<SignedReceipt> SignReceiptAsync(
        AgentAction action,
        AuthorizationDecision decision,
        ActionReport report,
        string? nonce = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(action);
        ArgumentNullException.ThrowIfNull(decision);
        ArgumentNullException.ThrowIfNull(report);
        nonce ??= Guid.CreateVersion7().ToString("D");
        var wait = WaitFirst;
        for (var attempt = 1; ; attempt++)
        {
            var (receipt, refusal) = await SignOnceAsync(action, decision, report, nonce, cancellation);
            if (receipt is not null)
            {
                return receipt;
            }

            if (refusal.ReasonClass != DenialClass.Transient || attempt == AttemptsMax || cancellation.IsCancellationRequested)
            {
                throw new ReceiptNotSignedException(refusal, action, report, nonce);
            }

            var pause = refusal.Status == StatusCode.OK || refusal.Reason is ClientReasons.Overloaded ? refusal.RetryAfter ?? wait : wait;
            await Task.Delay(pause < WaitMax ? pause : WaitMax, _options.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait *= 2;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_feed is not null)
        {
            await _feed.DisposeAsync();
        }

        _connection.Dispose();
    }

    // What else than a status or a giving up escapes is a fault of this process, and no answer either.
    private static AuthorizationDecision FailureOf(Exception exception, string token) => exception switch
    {
        RpcException failure => AnswerReader.Read(failure, token),
        OperationCanceledException => AuthorizationDecision.Deny(ClientReasons.Cancelled, DenialClass.Transient, "the call was given up") with { Status = StatusCode.Cancelled },
        _ => AnswerReader.Contradict($"the question or its answer cannot be read: {exception.GetType().Name}") with { Status = StatusCode.Internal },
    };

    private async ValueTask<(string Token, AuthorizationDecision? Refusal)> TokenAsync(CancellationToken cancellation)
    {
        try
        {
            return await _options.Token(cancellation) is { Length: > 0 } token ? (token, null) : ("", NoToken("it is empty"));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // What the caller gave up is no fault of the token; what it was in the middle of could say anything.
            cancellation.ThrowIfCancellationRequested();
            return ("", NoToken(exception.GetType().Name));
        }

        static AuthorizationDecision NoToken(string why) =>
            AuthorizationDecision.Deny(ClientReasons.NoToken, DenialClass.Reissue, $"there is no token to ask with: {why}");
    }

    private async ValueTask<AuthorizationDecision> AskOrRecallAsync(AuthorizeRequest question, DecisionCache cache, EpochFeed feed, CancellationToken cancellation)
    {
        feed.Start();

        var key = DecisionCache.KeyOf(question);
        var sentAt = _options.Time.GetTimestamp();
        if (cache.Find(key) is { } kept)
        {
            return kept;
        }

        var decision = await AskAsync(question, cancellation);

        // An approval counts once, whatever the answer says.
        if (question.Approvals.Count == 0)
        {
            cache.Keep(key, decision, sentAt);
        }

        return decision;
    }

    private async ValueTask<AuthorizationDecision> AskAsync(AuthorizeRequest question, CancellationToken cancellation)
    {
        var deadline = Deadline(_options.AuthorizeTimeout);
        AuthorizationDecision? earlier = null;
        var wait = WaitFirst;
        for (var attempt = 1; ; attempt++)
        {
            AuthorizationDecision failure;
            try
            {
                return AnswerReader.Read(await _decisions.AuthorizeAsync(question, deadline: deadline, cancellationToken: cancellation), question.RequestId, question.Cst);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                cancellation.ThrowIfCancellationRequested();
                failure = FailureOf(exception, question.Cst);
            }

            // The first failure says more than a lack of time after it.
            if (failure.Reason is ClientReasons.Deadline && earlier is not null)
            {
                return earlier;
            }

            var left = deadline - _options.Time.GetUtcNow().UtcDateTime;
            if (failure.Reason is not ClientReasons.Unavailable || attempt == AttemptsMax || left <= wait || cancellation.IsCancellationRequested)
            {
                return failure;
            }

            earlier = failure;
            await Task.Delay(wait, _options.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait *= 2;
        }
    }

    private async Task<(SignedReceipt? Receipt, AuthorizationDecision Refusal)> SignOnceAsync(
        AgentAction action,
        AuthorizationDecision decision,
        ActionReport report,
        string nonce,
        CancellationToken cancellation)
    {
        var token = "";
        try
        {
            (token, var refusal) = await TokenAsync(cancellation);
            if (refusal is not null)
            {
                return (null, refusal);
            }

            var request = report.ToRequest(action, decision.DecisionId, token, _options.RunId, nonce);
            var response = await _receipts.SignReceiptAsync(request, deadline: Deadline(_options.DurableTimeout), cancellationToken: cancellation);
            return ReadReceipt(response, request);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return (null, FailureOf(exception, token));
        }
    }

    private static (SignedReceipt? Receipt, AuthorizationDecision Refusal) ReadReceipt(SignReceiptResponse response, SignReceiptRequest request)
    {
        if (response.OutcomeCase == SignReceiptResponse.OutcomeOneofCase.Refusal)
        {
            return (null, AnswerReader.Read(response.Refusal, request.Cst));
        }

        var isOurs = response.Receipt is { ReceiptId.Length: > 0, EnvelopeJson.Length: > 0 } receipt
            && string.Equals(receipt.RunId, request.RunId, StringComparison.Ordinal)
            && string.Equals(receipt.Nonce, request.Nonce, StringComparison.Ordinal)
            && string.Equals(receipt.DecisionId, request.DecisionId, StringComparison.Ordinal);
        return (isOurs ? response.Receipt : null, AnswerReader.Contradict("the answer is no receipt for what was asked"));
    }

    private DateTime Deadline(TimeSpan timeout) => _options.Time.GetUtcNow().UtcDateTime + timeout;
}
