using ClawPdp.Ledger;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Revocations;
using ClawPdp.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClawPdp.Server.Grpc;

/// <summary>Tells callers of every revocation on disk, in order and without a gap, until they go or the sidecar stops.</summary>
internal sealed class RevocationWatch
{
    /// <summary>The longest time without a message.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly LedgerStore _ledger;
    private readonly DiskWork _disk;
    private readonly RevocationFeed _feed;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly CallGate _gate;
    private readonly TimeProvider _time;

    public RevocationWatch(LedgerStore ledger, DiskWork disk, RevocationFeed feed, IHostApplicationLifetime lifetime, CallGate gate, TimeProvider time)
    {
        _ledger = ledger;
        _disk = disk;
        _feed = feed;
        _lifetime = lifetime;
        _gate = gate;
        _time = time;
    }

    /// <summary>Writes what follows a record, and then goes on.</summary>
    /// <param name="after">The record's place; 0 for all.</param>
    /// <param name="peer">Who watches, of whose share a place is taken.</param>
    /// <param name="responses">Where it is written to.</param>
    /// <param name="gone">Ends it.</param>
    /// <exception cref="RpcException">OUT_OF_RANGE, RESOURCE_EXHAUSTED or UNAVAILABLE.</exception>
    public async Task RunAsync(long after, CallPeer peer, IServerStreamWriter<WatchRevocationsResponse> responses, CancellationToken gone)
    {
        if (after > _ledger.Head.Sequence)
        {
            throw new RpcException(new Status(StatusCode.OutOfRange, "after_sequence: nothing has that place here: the ledger was restored, begin again with 0"));
        }

        using var place = _gate.EnterWatch(peer);
        await WatchAsync(after, responses, gone);
    }

    private async Task WatchAsync(long after, IServerStreamWriter<WatchRevocationsResponse> responses, CancellationToken gone)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(gone, _lifetime.ApplicationStopping);
        try
        {
            while (!ended.IsCancellationRequested)
            {
                // INVARIANT: both are taken before the ledger is looked at, so that no revocation falls in between.
                var next = _feed.Next;
                var asOf = _feed.CompleteAsOf(_time.GetUtcNow());
                var from = after;
                var found = await _disk.RunAsync(() => _ledger.Revocations.ReadChanges(from, RequestLimits.PageSizeMax), ended.Token);
                var isComplete = found.Length < RequestLimits.PageSizeMax;
                var response = new WatchRevocationsResponse { CompleteAsOf = isComplete ? Timestamp.FromDateTimeOffset(asOf) : null };
                response.Events.AddRange(found.Select(WireRevocations.Write));
                await responses.WriteAsync(response, ended.Token);
                after = found.IsEmpty ? after : found[^1].LastSequence;
                if (isComplete)
                {
                    await WaitAsync(next, ended.Token);
                }
            }
        }
        catch (LedgerException)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "the ledger cannot be read; retry later"));
        }
        catch (Exception exception) when (ended.IsCancellationRequested && exception is (OperationCanceledException or InvalidOperationException or IOException))
        {
            // The caller went, or the sidecar stops: either way the stream ends.
        }
    }

    private async Task WaitAsync(Task next, CancellationToken ended)
    {
        try
        {
            await next.WaitAsync(Interval, _time, ended);
        }
        catch (TimeoutException)
        {
            // Nothing new: that is said, too.
        }
    }
}
