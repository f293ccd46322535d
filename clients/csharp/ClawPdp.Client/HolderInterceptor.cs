using ClawPdp.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClawPdp.Client;

/// <summary>
/// Adds to each call that carries a token a proof of its holder's key, in the metadata <c>dpop</c>: one for each different token, and new ones each time, as a proof is
/// good for one call. A stream of questions gets that of the client's own token when it is opened. A channel without TLS must allow credentials of calls.
/// </summary>
public sealed class HolderInterceptor : Interceptor
{
    /// <summary>The key of the metadata.</summary>
    public const string MetadataKey = "dpop";

    /// <summary>The most proofs that a call carries; a sidecar looks at no more.</summary>
    public const int ProofCountMax = 16;

    private readonly HolderKey _key;
    private readonly string _sidecar;
    private readonly Func<CancellationToken, ValueTask<string>>? _token;
    private readonly TimeProvider _time;

    /// <summary>Initializes a new instance of the <see cref="HolderInterceptor"/> class.</summary>
    /// <param name="key">The key.</param>
    /// <param name="sidecar">The sidecar's address as the channel has it, such as <c>http://127.0.0.1:7080</c>; <c>http://localhost</c> for a Unix socket.</param>
    /// <param name="token">Gives the token of streams that are opened; <see langword="null"/>: streams get no proof.</param>
    /// <param name="time">The clock.</param>
    public HolderInterceptor(HolderKey key, Uri sidecar, Func<CancellationToken, ValueTask<string>>? token, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(sidecar);
        _key = key;
        _sidecar = sidecar.GetLeftPart(UriPartial.Authority);
        _token = token;
        _time = time;
    }

    /// <inheritdoc/>
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation) => continuation(request, Prove(context, TokensOf(request)));

    /// <inheritdoc/>
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        BlockingUnaryCallContinuation<TRequest, TResponse> continuation) => continuation(request, Prove(context, TokensOf(request)));

    /// <inheritdoc/>
    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(_token is null ? context : Prove(context, async cancellation => [await _token(cancellation)]));

    private static string[] TokensOf(object request)
    {
        var tokens = request switch
        {
            AuthorizeRequest one => [one.Cst],
            AuthorizeBatchRequest many => many.Requests.Select(static one => one.Cst),
            ExplainRequest explain => [explain.Request?.Cst ?? ""],
            ListAllowedRequest list => [list.Cst],
            SignReceiptRequest sign => [sign.Cst],
            SignReceiptBatchRequest signs => signs.Requests.Select(static sign => sign.Cst),
            StartRunRequest start => [start.Cst],
            AppendEventRequest append => [append.Cst],
            FinishRunRequest finish => [finish.Cst],
            IssueCstRequest issue => [issue.ParentCst],
            _ => [],
        };
        return [.. tokens.Where(static token => token.Length > 0).Distinct(StringComparer.Ordinal).Take(ProofCountMax)];
    }

    private ClientInterceptorContext<TRequest, TResponse> Prove<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context, string[] tokens)
        where TRequest : class
        where TResponse : class => tokens.Length == 0 ? context : Prove(context, _ => ValueTask.FromResult(tokens));

    // Credentials of a call are made when it starts, and may take their time.
    private ClientInterceptorContext<TRequest, TResponse> Prove<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        Func<CancellationToken, ValueTask<string[]>> tokens)
        where TRequest : class
        where TResponse : class
    {
        var target = _sidecar + context.Method.FullName;
        var proofs = CallCredentials.FromInterceptor(async (call, metadata) =>
        {
            foreach (var token in await tokens(call.CancellationToken))
            {
                metadata.Add(MetadataKey, await _key.ProveAsync("POST", target, token, _time.GetUtcNow(), call.CancellationToken));
            }
        });
        var credentials = context.Options.Credentials is { } own ? CallCredentials.Compose(own, proofs) : proofs;
        return new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, context.Options.WithCredentials(credentials));
    }
}
