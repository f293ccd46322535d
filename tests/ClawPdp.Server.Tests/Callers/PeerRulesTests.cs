using ClawPdp.Server.Callers;

namespace ClawPdp.Server.Tests.Callers;

public sealed class PeerRulesTests
{
    private static readonly PeerRules Rules = new([1000], [50]);

    [Theory]
    [InlineData(1000, 1000, 0, true)]
    [InlineData(1001, 50, 0, true)]
    [InlineData(1001, 1001, 50, true)]
    [InlineData(1001, 1001, 51, false)]
    [InlineData(0, 0, 0, false)]
    [InlineData(50, 1000, 1000, false)]
    public void Admit_UserOrGroup_MustBeListed(uint user, uint group, uint supplementary, bool isAdmitted) =>
        Assert.Equal(isAdmitted, Rules.Admit(new PeerCredentials(7, user, group, [supplementary])));

    [Fact]
    public void Admit_Unknown_Fails() => Assert.False(Rules.Admit(peer: null));

    [Fact]
    public void Own_IsTheSidecarsUserAndRoot()
    {
        Assert.True(PeerRules.Own.Admit(new PeerCredentials(7, OwnUser.Id, 9, [])));
        Assert.True(PeerRules.Own.Admit(new PeerCredentials(7, 0, 9, [])));
        Assert.False(PeerRules.Own.Admit(new PeerCredentials(7, OwnUser.Id + 1, OwnUser.Id, [0])));
    }
}
