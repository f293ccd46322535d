namespace ClawPdp.Server.Tests.Doors.McpGuard.Http;

/// <summary>Gives its bytes in small pieces, as a network may.</summary>
internal sealed class SlowStream : MemoryStream
{
    private readonly int _step;

    public SlowStream(byte[] bytes, int step)
        : base(bytes, writable: false) => _step = step;

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(_step, buffer.Length)]);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));
}
