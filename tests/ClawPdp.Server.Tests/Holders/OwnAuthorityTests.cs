using System.Net;
using ClawPdp.Server.Callers;
using Microsoft.AspNetCore.Http;

namespace ClawPdp.Server.Tests.Holders;

/// <summary>A proof is for this sidecar where the call names it by its own address.</summary>
public sealed class OwnAuthorityTests
{
    [Theory]
    [InlineData("127.0.0.1:7080", "127.0.0.1", 7080, false, true)]
    [InlineData("localhost:7080", "127.0.0.1", 7080, false, true)]
    [InlineData("LOCALHOST:7080", "::1", 7080, false, true)]
    [InlineData("[::1]:7080", "::1", 7080, false, true)]
    [InlineData("127.0.0.1:7080", "::ffff:127.0.0.1", 7080, false, true)]
    [InlineData("10.0.0.5", "10.0.0.5", 443, true, true)]
    [InlineData("10.0.0.5", "10.0.0.5", 80, false, true)]
    [InlineData("10.0.0.5", "10.0.0.5", 443, false, false)]
    [InlineData("10.0.0.5:7443", "10.0.0.6", 7443, true, false)]
    [InlineData("localhost:7443", "10.0.0.5", 7443, true, false)]
    [InlineData("127.0.0.1:7081", "127.0.0.1", 7080, false, false)]
    [InlineData("127.0.0.1", "127.0.0.1", 7080, false, false)]
    [InlineData("evil.example:7080", "127.0.0.1", 7080, false, false)]
    [InlineData("", "127.0.0.1", 7080, false, false)]
    [InlineData("localhost", null, 0, false, true)]
    [InlineData("localhost:1", null, 0, false, true)]
    [InlineData("evil.example", null, 0, false, false)]
    [InlineData("", null, 0, false, false)]
    public void Holds_AnAuthority_IsThatOfTheConnection(string host, string? address, int port, bool isHttps, bool expected) =>
        Assert.Equal(expected, OwnAuthority.Holds(new HostString(host), address is null ? null : IPAddress.Parse(address), port, isHttps));
}
