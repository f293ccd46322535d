using System.Text;
using ClawPdp.Server.Doors.McpGuard;
using ClawPdp.Server.Doors.McpGuard.Http;

namespace ClawPdp.Server.Tests.Doors.McpGuard.Http;

public sealed class SseReaderTests
{
    [Theory]
    [InlineData("data: a\n\n", "a")]
    [InlineData("data:a\n\n", "a")]
    [InlineData("data:  a\n\n", " a")]
    [InlineData("data\n\n", "")]
    [InlineData("data: a\ndata: b\n\n", "a\nb")]
    [InlineData("data: a\r\n\r\n", "a")]
    [InlineData("data: a\r\r", "a")]
    [InlineData("data: a\r\ndata: b\n\r\n", "a\nb")]
    [InlineData("\uFEFFdata: a\n\n", "a")]
    [InlineData("\n\ndata: a\n\n", "a")]
    [InlineData("event: message\ndata: a\n\n", "a")]
    [InlineData("event:\ndata: a\n\n", "a")]
    [InlineData("unknown: x\ndata: a\n\n", "a")]
    [InlineData("Data: x\ndata: a\n\n", "a")]
    [InlineData("data: a\n\ndata: b\n\n", "a", "b")]
    [InlineData("event: endpoint\ndata: x\n\ndata: a\n\n", "a")]
    [InlineData("id: a b\ndata: x\n\ndata: a\n\n", "a")]
    [InlineData("data: a\n\ndata: b", "a")]
    [InlineData("data: a\n\ndata: b\n", "a")]
    [InlineData("")]
    public async Task Read_AStream_GivesItsEvents(string text, params string[] expected)
    {
        foreach (var step in new[] { 1, 2, 3, 4096 })
        {
            var events = await ReadAsync(text, step);

            Assert.Equal(expected, events.Select(static item => Encoding.UTF8.GetString((item.Data ?? default).Span)));
        }
    }

    [Theory]
    [InlineData("id: 7\ndata: a\n\n", "7", null)]
    [InlineData("id: 7\nid: 8\ndata: a\n\n", "8", null)]
    [InlineData("id:\ndata: a\n\n", null, null)]
    [InlineData("id: 7\n\n", "7", null)]
    [InlineData("retry: 250\ndata: a\n\n", null, 250)]
    [InlineData("retry: 2x\ndata: a\n\n", null, null)]
    [InlineData("retry: -2\ndata: a\n\n", null, null)]
    [InlineData("retry: 9999999999\ndata: a\n\n", null, null)]
    public async Task Read_IdAndRetry_AreKept(string text, string? id, int? retry)
    {
        var item = Assert.Single(await ReadAsync(text, 4096));

        Assert.Equal((id, retry), (item.Id, item.Retry));
    }

    [Fact]
    public async Task Read_AComment_IsASignOfLife() => Assert.Equal([null, "a"], (await ReadAsync(": ping\n\ndata: a\n\n", 4096)).Select(static item =>
        item.Data is { } data ? Encoding.UTF8.GetString(data.Span) : null));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Read_AnEventThatIsTooLong_Ends(int lines)
    {
        var line = "data: " + new string('a', (McpMessage.SizeMaxBytes / lines) + 1) + "\n";

        await Assert.ThrowsAsync<IOException>(() => ReadAsync(string.Concat(Enumerable.Repeat(line, lines)) + "\n", 1 << 20));
    }

    [Fact]
    public async Task Write_AnEvent_IsReadAsItWas()
    {
        using var kept = new MemoryStream();
        var writer = System.IO.Pipelines.PipeWriter.Create(kept);
        var written = new SseEvent("7", 10, "a\nb: c\n"u8.ToArray());
        await SseWriter.WriteAsync(writer, SseEvent.Comment, TestContext.Current.CancellationToken);
        await SseWriter.WriteAsync(writer, written, TestContext.Current.CancellationToken);

        var events = await ReadAsync(Encoding.UTF8.GetString(kept.ToArray()), 4096);

        Assert.Equal((null, "7", 10), (events[0].Data, events[1].Id, events[1].Retry));
        Assert.Equal("a\nb: c\n", Encoding.UTF8.GetString((events[1].Data ?? default).Span));
    }

    private static async Task<List<SseEvent>> ReadAsync(string text, int step)
    {
        await using var stream = new SlowStream(Encoding.UTF8.GetBytes(text), step);
        var reader = new SseReader(stream);
        var events = new List<SseEvent>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken) is { } item)
        {
            events.Add(item);
        }

        return events;
    }
}
