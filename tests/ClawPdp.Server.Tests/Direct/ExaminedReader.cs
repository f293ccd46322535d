using System.IO.Pipelines;

namespace ClawPdp.Server.Tests.Direct;

/// <summary>A body whose reader must never take back that something was examined: the web server gives its room in the window back only once.</summary>
internal sealed class ExaminedReader(PipeReader reader) : PipeReader
{
    private ReadResult _last;
    private long _examined;

    public override bool TryRead(out ReadResult result)
    {
        var isThere = reader.TryRead(out result);
        _last = isThere ? result : _last;
        return isThere;
    }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => _last = await reader.ReadAsync(cancellationToken);

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var examinedNow = _last.Buffer.Slice(0, examined).Length;
        Assert.True(examinedNow >= _examined, $"{examinedNow} bytes are examined, and {_examined} were before");
        _examined = examinedNow - _last.Buffer.Slice(0, consumed).Length;
        reader.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => reader.CancelPendingRead();

    public override void Complete(Exception? exception = null) => reader.Complete(exception);
}
