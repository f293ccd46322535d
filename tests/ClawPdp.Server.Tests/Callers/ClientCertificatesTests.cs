using System.Security.Cryptography.X509Certificates;
using ClawPdp.Server.Callers;

namespace ClawPdp.Server.Tests.Callers;

public sealed class ClientCertificatesTests : IDisposable
{
    private const string Agent = "spiffe://example.org/ns/prod/sa/agent";

    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new();

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData(Agent)]
    [InlineData("spiffe://example.org/ns/prod/*")]
    [InlineData("spiffe://example.org/*")]
    public void Admit_AcceptedId_Holds(string accepted) => Assert.True(Admit(_authority.Client([Agent]), accepted));

    [Theory]
    [InlineData("spiffe://example.org/ns/prod/sa/agent2")]
    [InlineData("spiffe://example.org/ns/prod/sa")]
    [InlineData("spiffe://example.org/ns/pro/*")]
    [InlineData("spiffe://example.org/ns/prod/sa/agent/*")]
    [InlineData("spiffe://example.com/*")]
    public void Admit_AnotherId_Fails(string accepted) => Assert.False(Admit(_authority.Client([Agent]), accepted));

    [Fact]
    public void Admit_NoUse_Holds() => Assert.True(Admit(_authority.Client([Agent], use: ""), Agent));

    [Fact]
    public void Admit_OfAnotherAuthority_Fails() => Assert.False(Admit(_other.Client([Agent]), Agent));

    [Fact]
    public void Admit_ForServersAlone_Fails() => Assert.False(Admit(_authority.Client([Agent], TestAuthority.ServerUse), Agent));

    [Fact]
    public void Admit_Over_Fails() => Assert.False(Admit(_authority.Client([Agent], daysOver: 1), Agent));

    [Fact]
    public void Admit_AnAuthorityItself_Fails() => Assert.False(Admit(_authority.Client([Agent], isAuthority: true), Agent));

    [Fact]
    public void Admit_TwoIds_Fails() => Assert.False(Admit(_authority.Client([Agent, "spiffe://example.org/x"]), Agent));

    [Fact]
    public void FindId_NoUri_FindsNone() => Assert.Null(ClientCertificates.FindId(_authority.Client([])));

    [Fact]
    public void FindId_UriOfAnotherKind_FindsNone() => Assert.Null(ClientCertificates.FindId(_authority.Client(["https://example.org/ns"])));

    private bool Admit(X509Certificate2 certificate, string accepted)
    {
        using (certificate)
        {
            var trust = new ClientTrust(_authority.Collection, Revoked: null);
            return ClientCertificates.AdmitUntil(certificate, [], trust, [SpiffePattern.Parse(accepted) ?? throw new ArgumentException("no pattern", nameof(accepted))], DateTimeOffset.UtcNow) is not null;
        }
    }
}
