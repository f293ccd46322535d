using System.Net;
using System.Net.Sockets;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Connections;
using ClawPdp.Server.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.Server.Tests.Connections;

public sealed class ConnectionPeersTests
{
    [Theory]
    [InlineData("192.0.2.7", "address 192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "address 192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "prefix 20010db800010002")]
    [InlineData("2001:db8:1:2::1", "prefix 20010db800010002")]
    [InlineData("fe80::1%3", "prefix fe80000000000000")]
    [InlineData("127.0.0.1", null)]
    [InlineData("127.9.9.9", null)]
    [InlineData("::ffff:127.0.0.1", null)]
    [InlineData("::1", null)]
    public void NameOf_Address_IsItOrItsPrefix(string address, string? name) =>
        Assert.Equal(name, ConnectionPeers.NameOf(new IPEndPoint(IPAddress.Parse(address), 40_000), peer: null));

    [Fact]
    public void NameOf_LocalUser_IsTheSameForAllOfItsProcesses() =>
        Assert.Equal(
            ConnectionPeers.NameOf(remote: null, new PeerCredentials(1, 1000, 1000, [])),
            ConnectionPeers.NameOf(remote: null, new PeerCredentials(2, 1000, 5, [7])));

    [Fact]
    public void NameOf_SocketOfWhichTheKernelSaysNothing_IsAPeerAllTheSame() =>
        Assert.NotNull(ConnectionPeers.NameOf(new UnixDomainSocketEndPoint("/run/s"), peer: null));

    [Fact]
    public void PeerOf_ConnectionWithASeat_IsWhoseSeatItIs()
    {
        var room = new ConnectionRoom(new LimitSettings(), new ConnectionMeter(), new FakeTimeProvider());
        var connection = new RoomConnection();
        connection.Serve(room, "user 1000");
        var context = new DefaultHttpContext(connection.Features);

        Assert.Equal("user 1000", ConnectionPeers.PeerOf(context).Name);

        context.Features.Set(CallerOf("spiffe://example.org/agent"));
        Assert.Equal("spiffe://example.org/agent", ConnectionPeers.PeerOf(context).Name);

        context.Features.Set(CallerOf(spiffeId: null));
        Assert.Equal("user 1000", ConnectionPeers.PeerOf(context).Name);
    }

    [Fact]
    public void PeerOf_ConnectionOfNobodys_IsTheConnection()
    {
        var context = new DefaultHttpContext();
        context.Connection.Id = "c7";

        Assert.Equal("connection c7", ConnectionPeers.PeerOf(context).Name);
    }

    private static Caller CallerOf(string? spiffeId) => new() { Listener = new ListenerSettings { Name = "l", Planes = Plane.Decision }, SpiffeId = spiffeId };
}
