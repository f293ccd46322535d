using System.Text;
using ClawPdp.Server.Doors.McpGuard;

namespace ClawPdp.Server.Tests.Doors.McpGuard;

public sealed class McpMessageTests
{
    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}}""", true, false)]
    [InlineData("""{"jsonrpc":"2.0","id":"a","method":"ping"}""", true, false)]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", false, false)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""", false, true)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":""}}""", false, true)]
    public void TryRead_AMessage_IsRead(string text, bool isRequest, bool isResponse)
    {
        Assert.True(McpMessage.TryRead(Encoding.UTF8.GetBytes(text), out var message, out _));
        Assert.Equal((isRequest, isResponse), (message.IsRequest, message.IsResponse));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\",\"params\":\r{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"tools/call\"}\r}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\r\"method\":\"ping\"}")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"ping"}]""")]
    [InlineData("""{"id":1,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","METHOD":"tools/call"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":true,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":[1],"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":5}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""")]
    [InlineData("""{"jsonrpc":"2.0","result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{},"error":{}}""")]
    public void TryRead_NoMessage_IsRefused(string text)
    {
        Assert.False(McpMessage.TryRead(Encoding.UTF8.GetBytes(text), out _, out var fault));
        Assert.NotEmpty(fault);
    }

    [Fact]
    public void IdKey_OneIdInTwoSpellings_IsOne()
    {
        Assert.True(McpMessage.TryRead("""{"jsonrpc":"2.0","id":1,"method":"ping"}"""u8.ToArray(), out var first, out _));
        Assert.True(McpMessage.TryRead("""{"jsonrpc":"2.0","id":1.0,"result":{}}"""u8.ToArray(), out var second, out _));
        Assert.True(McpMessage.TryRead("""{"jsonrpc":"2.0","id":"1","result":{}}"""u8.ToArray(), out var third, out _));

        Assert.Equal(first.IdKey, second.IdKey);
        Assert.NotEqual(first.IdKey, third.IdKey);
    }
}
