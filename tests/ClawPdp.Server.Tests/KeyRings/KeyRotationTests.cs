using System.Collections.Immutable;
using ClawPdp.Crypto;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClawPdp.Server.Tests.KeyRings;

/// <summary>A new key is published before it signs, the old one verifies until its tokens are gone, and a crash or a clock that jumps leaves a ring that works.</summary>
public sealed class KeyRotationTests : IDisposable
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    private readonly KeyHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Announce_UntilItsTime_TheNewKeyVerifiesAndTheOldOneSigns()
    {
        var old = IdOf(_home.Store().LoadOrGenerate());

        var fresh = _home.Store().Announce(KeyPurpose.Token, Ahead, overlap: null);

        Assert.Equal((old, 2), (Active(), Accepted(TimeSpan.Zero)));
        _home.Time.Advance(Ahead);
        Assert.Equal(fresh?.PublicKey.KeyId, Active());
    }

    [Fact]
    public void RetireReplaced_OnceTheNewKeySigns_TheOldOneVerifiesForTheOverlap()
    {
        _home.Store().LoadOrGenerate();
        _home.Store().Announce(KeyPurpose.Token, Ahead, TimeSpan.FromHours(2));
        Assert.Empty(Retire());
        _home.Time.Advance(Ahead);

        var retired = Assert.Single(Retire());

        Assert.Equal((null, (DateTimeOffset?)_home.Time.GetUtcNow().AddHours(2)), (retired.Seed, retired.NotAfter));
        Assert.Equal((2, 1), (Accepted(TimeSpan.FromHours(2)), Accepted(TimeSpan.FromHours(3))));
        Assert.Empty(Retire());
    }

    [Theory]
    [InlineData(KeyPurpose.Receipt)]
    [InlineData(KeyPurpose.Policy)]
    [InlineData(KeyPurpose.Log)]
    public void RetireReplaced_OfWhatIsLookedAtForYears_VerifiesWithoutEnd(KeyPurpose purpose)
    {
        _home.Store().LoadOrGenerate();
        _home.Store().Announce(purpose, Ahead, overlap: null);
        _home.Time.Advance(Ahead);

        var retired = Assert.Single(Retire());

        Assert.Equal((purpose, (DateTimeOffset?)null), (retired.Purpose, retired.NotAfter));
        Assert.Equal(2, _home.Store().Load().AcceptedOf(purpose, DateTimeOffset.MaxValue).Count());
    }

    // What a crash leaves: nothing, a new key, or a new key and some of the old ones retired. A half-written file has another name.
    [Fact]
    public void Rotate_CrashAtEachPoint_LeavesARingThatSignsAndARetirementThatGoesOn()
    {
        var old = IdOf(_home.Store().LoadOrGenerate());
        var before = _home.Files().Where(static file => file.Path.Contains("token-", StringComparison.Ordinal)).ToList();
        _home.Time.Advance(TimeSpan.FromSeconds(1));
        var fresh = _home.Store().Rotate(KeyPurpose.Token, TimeSpan.FromHours(1)).PublicKey.KeyId;
        var freshFile = Path.Combine(_home.Data, "keys", $"token-{fresh}.json");
        var content = File.ReadAllBytes(freshFile);

        File.Move(freshFile, freshFile + ".new");
        KeyHome.Put(before);
        Assert.Equal(old, Active());

        File.Move(freshFile + ".new", freshFile);
        Assert.Equal((fresh, 2), (Active(), Accepted(TimeSpan.Zero)));
        Assert.Equal(_home.Time.GetUtcNow().AddHours(1), Assert.Single(Retire()).NotAfter);

        Assert.Equal(content, File.ReadAllBytes(freshFile));
        Assert.Equal((fresh, 2), (Active(), Accepted(TimeSpan.Zero)));
    }

    [Fact]
    public void Rotate_WhileOneIsOnlyPublished_ReplacesThatToo()
    {
        _home.Store().LoadOrGenerate();
        _home.Store().Announce(KeyPurpose.Token, Ahead, overlap: null);

        var fresh = _home.Store().Rotate(KeyPurpose.Token, TimeSpan.Zero).PublicKey.KeyId;

        _home.Time.Advance(Ahead + Ahead);
        Assert.Equal((fresh, 1), (Active(), Accepted(TimeSpan.Zero)));
    }

    [Fact]
    public void Announce_WhileAnotherProcessChangesTheKeys_Refuses()
    {
        _home.Store().LoadOrGenerate();
        using (KeyLock.Take(_home.Data))
        {
            Assert.Throws<KeysBusyException>(() => _home.Store().Announce(KeyPurpose.Token, Ahead, overlap: null));
        }

        Assert.NotNull(_home.Store().Announce(KeyPurpose.Token, Ahead, overlap: null));
    }

    [Fact]
    public void AnnounceDue_AtItsTime_RotatesOnce()
    {
        _home.Store().LoadOrGenerate();
        Assert.Equal(0, Looks(3));

        _home.Time.Advance(TimeSpan.FromHours(24) - Ahead);

        Assert.Equal(1, Looks(3));
        _home.Time.Advance(Ahead);
        Assert.Single(Retire());
        Assert.Equal(0, Looks(3));
        _home.Time.Advance(TimeSpan.FromHours(24));
        Assert.Equal(1, Looks(3));
    }

    [Fact]
    public void AnnounceDue_ClockJumpsForwardAndBack_RotatesOnceForEachAndNeverStandsWithoutASigner()
    {
        var old = IdOf(_home.Store().LoadOrGenerate());
        var home = _home;
        home.Time.Advance(TimeSpan.FromDays(3650));
        Assert.Equal(1, Looks(5));
        home.Time.Advance(Ahead);
        Assert.Single(Retire());
        var future = Active();
        Assert.NotEqual(old, future);

        var (now, schedule) = (KeyHome.Start.AddDays(1), Settings());
        var store = new KeyStore(home.Data, new Microsoft.Extensions.Time.Testing.FakeTimeProvider(now));

        Assert.Equal(future, store.Load().ActiveOf(KeyPurpose.Token)?.PublicKey.KeyId);
        var looks = Enumerable.Range(0, 5).Count(_ => new KeySchedule(store, schedule, NullLogger.Instance).AnnounceDue(store.Load()));
        Assert.Equal(1, looks);
        Assert.NotNull(store.Load().ActiveOf(KeyPurpose.Token));
        Assert.Empty(store.RetireReplaced(static (_, stated) => stated));
    }

    [Fact]
    public void AnnounceDue_WithoutASchedule_DoesNothing()
    {
        _home.Store().LoadOrGenerate();
        _home.Time.Advance(TimeSpan.FromDays(3650));
        var store = _home.Store();

        Assert.False(new KeySchedule(store, new KeySettings(), NullLogger.Instance).AnnounceDue(store.Load()));
    }

    private static KeySettings Settings() => new()
    {
        RotateAfter = ImmutableDictionary<KeyPurpose, TimeSpan>.Empty.Add(KeyPurpose.Token, TimeSpan.FromHours(24)),
        PublishAhead = Ahead,
    };

    private static string? IdOf(KeyRing ring) => ring.ActiveOf(KeyPurpose.Token)?.PublicKey.KeyId;

    private string? Active() => IdOf(_home.Store().Load());

    private int Accepted(TimeSpan later) => _home.Store().Load().AcceptedOf(KeyPurpose.Token, _home.Time.GetUtcNow() + later).Count();

    private ImmutableArray<StoredKey> Retire() => _home.Store().RetireReplaced(static (purpose, stated) => stated ?? (purpose == KeyPurpose.Token ? TimeSpan.FromHours(1) : null));

    private int Looks(int count)
    {
        var store = _home.Store();
        var schedule = new KeySchedule(store, Settings(), NullLogger.Instance);
        return Enumerable.Range(0, count).Count(_ => schedule.AnnounceDue(store.Load()));
    }
}
