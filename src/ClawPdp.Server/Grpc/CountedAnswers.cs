using ClawPdp.Server.Telemetry;
using Grpc.Core;

namespace ClawPdp.Server.Grpc;

/// <summary>Writes the answers of a stream, and counts the refusals in them.</summary>
internal sealed class CountedAnswers<T> : IServerStreamWriter<T>
    where T : class
{
    private readonly IServerStreamWriter<T> _answers;
    private readonly CallAccount _account;

    public CountedAnswers(IServerStreamWriter<T> answers, CallAccount account)
    {
        _answers = answers;
        _account = account;
    }

    /// <inheritdoc/>
    public WriteOptions? WriteOptions
    {
        get => _answers.WriteOptions;
        set => _answers.WriteOptions = value;
    }

    /// <inheritdoc/>
    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    /// <inheritdoc/>
    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        _account.CountRefusals(message);
        return _answers.WriteAsync(message, cancellationToken);
    }
}
