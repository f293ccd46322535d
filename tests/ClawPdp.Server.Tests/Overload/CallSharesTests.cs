using System.Globalization;
using ClawPdp.Server.Overload;

namespace ClawPdp.Server.Tests.Overload;

public sealed class CallSharesTests
{
    [Fact]
    public void TryEnter_APeerTakesAllItCan_HasItsShareAndLeavesTheRest()
    {
        var shares = new CallShares(totalMax: 64, peerMax: 16, tokenMax: 8);

        Assert.Equal((16, FullShare.Peer), Flood(shares, "greedy", static number => (UInt128)number));
        Assert.Equal(FullShare.None, shares.TryEnter("polite", 1000));
    }

    [Fact]
    public void TryEnter_ATokenOnManyPeers_HasItsShareAlone()
    {
        var shares = new CallShares(totalMax: 64, peerMax: 16, tokenMax: 8);

        var entered = Enumerable.Range(0, 100).Count(number => shares.TryEnter(number.ToString(CultureInfo.InvariantCulture), 7) == FullShare.None);

        Assert.Equal((8, FullShare.Token), (entered, shares.TryEnter("another", 7)));
        Assert.Equal(FullShare.None, shares.TryEnter("another", 8));
    }

    [Fact]
    public void TryEnter_ManyGreedyPeers_LeaveRoomForOneWhoComesNew()
    {
        var shares = new CallShares(totalMax: 64, peerMax: 16, tokenMax: 64);
        for (var peer = 0; peer < 5; peer++)
        {
            Flood(shares, string.Create(CultureInfo.InvariantCulture, $"greedy {peer}"), static _ => null);
        }

        Assert.Equal(60, shares.Total);
        Assert.Equal(FullShare.None, shares.TryEnter("polite", null));
    }

    [Fact]
    public void TryEnter_EveryPlaceTaken_SaysThatTheTotalIsFullUntilOneLeaves()
    {
        var shares = new CallShares(totalMax: 4, peerMax: 4, tokenMax: 4);
        foreach (var peer in new[] { "a", "b", "c", "d" })
        {
            Assert.Equal(FullShare.None, shares.TryEnter(peer, null));
        }

        Assert.Equal(FullShare.Total, shares.TryEnter("e", null));
        shares.Leave("a", null);
        Assert.Equal(FullShare.None, shares.TryEnter("e", null));
    }

    [Fact]
    public void Leave_AllGone_RemembersNobody()
    {
        var shares = new CallShares(totalMax: 64, peerMax: 64, tokenMax: 64);
        for (var number = 0; number < 1000; number++)
        {
            var peer = number.ToString(CultureInfo.InvariantCulture);
            Assert.Equal(FullShare.None, shares.TryEnter(peer, (UInt128)number));
            Assert.Equal(2, shares.NameCount);
            shares.Leave(peer, (UInt128)number);
        }

        Assert.Equal((0, 0), (shares.NameCount, shares.Total));
    }

    [Fact]
    public void TryEnter_RefusedForItsToken_TakesNoPlaceOfItsPeer()
    {
        var shares = new CallShares(totalMax: 64, peerMax: 2, tokenMax: 1);
        Assert.Equal(FullShare.None, shares.TryEnter("a", 1));

        Assert.Equal((FullShare.Token, FullShare.Token), (shares.TryEnter("a", 1), shares.TryEnter("a", 1)));

        Assert.Equal(FullShare.None, shares.TryEnter("a", 2));
        Assert.Equal(2, shares.Total);
    }

    private static (int Entered, FullShare Last) Flood(CallShares shares, string peer, Func<int, UInt128?> tokenOf)
    {
        for (var entered = 0; ; entered++)
        {
            if (shares.TryEnter(peer, tokenOf(entered)) is var full && full != FullShare.None)
            {
                return (entered, full);
            }
        }
    }
}
