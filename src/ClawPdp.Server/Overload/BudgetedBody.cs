using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace ClawPdp.Server.Overload;

/// <summary>
/// The body of one request, which counts against the budget for as long as it is unread, or not over where it holds one message. A big message that is
/// not whole within its time ends the request, and so does a body of one that is not over; what is whole and waits for its reader has no such time.
/// </summary>
internal sealed class BudgetedBody : PipeReader, IRequestBodyPipeFeature, IDisposable
{
    /// <summary>How long a message may be big and not whole, or the body of one not over.</summary>
    public static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(30);

    private readonly PipeReader _body;
    private readonly BodyBudget _budget;
    private readonly string _peer;
    private readonly BodyKind _kind;
    private readonly TimeProvider _time;
    private ReadOnlySequence<byte> _unread;
    private CancellationTokenSource? _deadline;
    private long _taken;
    private bool _isOver;

    public BudgetedBody(PipeReader body, BodyBudget budget, string peer, BodyKind kind, TimeProvider time)
    {
        _body = body;
        _budget = budget;
        _peer = peer;
        _kind = kind;
        _time = time;
    }

    /// <inheritdoc/>
    public PipeReader Reader => this;

    /// <inheritdoc/>
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_deadline is null)
        {
            return Take(await _body.ReadAsync(cancellationToken));
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _deadline.Token);
        try
        {
            return Take(await _body.ReadAsync(ended.Token));
        }
        catch (OperationCanceledException) when (_deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Refuse("the message did not come in time");
        }
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        if (!_body.TryRead(out result))
        {
            return false;
        }

        result = Take(result);
        return true;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var left = _unread.Slice(consumed).Length;
        var isWhole = left < _unread.Length;
        _unread = default;
        _body.AdvanceTo(consumed, examined);

        // The reader of one message has it, whole or not, until the body is over.
        var isKept = _kind is not BodyKind.Many && !_isOver;
        if (!isKept)
        {
            Settle(left);
        }

        // Whoever reads takes whole messages alone: where nothing was taken, the first one is still on its way.
        if ((isWhole && !isKept) || _taken == 0)
        {
            EndDeadline();
        }
        else
        {
            _deadline ??= new CancellationTokenSource(TimeMax, _time);
        }
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => _body.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        _body.Complete(exception);
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Settle(0);
        EndDeadline();
    }

    private static RpcException Refuse(string why) => new(new Status(StatusCode.ResourceExhausted, "OVERLOADED: " + why));

    private ReadResult Take(ReadResult read)
    {
        _unread = read.Buffer;
        _isOver = read.IsCompleted;
        var beyond = read.Buffer.Length - BodyBudget.FreeSize - _taken;
        if (beyond <= 0)
        {
            return read;
        }

        if (_kind is BodyKind.Small)
        {
            throw GiveUp("the request of a stream of answers holds at most 65,536 bytes");
        }

        if (!_budget.TryTake(_peer, beyond))
        {
            throw GiveUp("there is no room for another big message now");
        }

        _taken += beyond;
        return read;
    }

    // It is read no further: what it held is room for those that are whole sooner.
    private RpcException GiveUp(string why)
    {
        _body.AdvanceTo(_unread.End);
        _unread = default;
        Dispose();
        return Refuse(why);
    }

    private void Settle(long left)
    {
        var held = Math.Max(0, left - BodyBudget.FreeSize);
        if (held < _taken)
        {
            _budget.Return(_peer, _taken - held);
            _taken = held;
        }
    }

    private void EndDeadline()
    {
        _deadline?.Dispose();
        _deadline = null;
    }
}
