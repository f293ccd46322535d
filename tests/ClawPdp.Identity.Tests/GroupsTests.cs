using ClawPdp.Identity.Tests.Stubs;

namespace ClawPdp.Identity.Tests;

public sealed class GroupsTests
{
    [Fact]
    public async Task Validate_NoGroupsClaim_IsMissing()
    {
        await using var bed = await TestBed.StartAsync();

        Assert.Equal(IdentityFailure.GroupsMissing, await bed.RefusalAsync(bed.Claims().Without("groups")));
        Assert.Equal(IdentityFailure.GroupsMissing, await bed.RefusalAsync(bed.Claims().Without("groups").With("Groups", "[\"a\"]")));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"admins\"")]
    [InlineData("\"a,b\"")]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("{\"0\":\"a\"}")]
    [InlineData("[\"a\",1]")]
    [InlineData("[null]")]
    [InlineData("[[\"a\"]]")]
    [InlineData("[{\"name\":\"a\"}]")]
    [InlineData("[\"\"]")]
    [InlineData("[\" \"]")]
    public async Task Validate_GroupsThatAreNoListOfNames_AreInvalid(string groups)
    {
        await using var bed = await TestBed.StartAsync();

        Assert.Equal(IdentityFailure.GroupsInvalid, await bed.RefusalAsync(bed.Claims().With("groups", groups)));
    }

    [Fact]
    public async Task Validate_Groups_KeepTheirOrderAndLoseRepeats()
    {
        await using var bed = await TestBed.StartAsync();

        var identity = await bed.AcceptAsync(bed.Claims().With("groups", "[\"b\",\"a\",\"b\",\"B\",\"\\u0061\"]"));

        Assert.Equal(["b", "a", "B"], identity.Groups);
    }

    [Fact]
    public async Task Validate_NoGroupInTheList_IsAnIdentityWithoutGroups()
    {
        await using var bed = await TestBed.StartAsync();

        Assert.Empty((await bed.AcceptAsync(bed.Claims().With("groups", "[]"))).Groups);
    }

    [Theory]
    [InlineData(99, false)]
    [InlineData(100, true)]
    [InlineData(101, true)]
    public async Task Validate_AsManyGroupsAsTheLimit_IsOverage(int count, bool refused)
    {
        await using var bed = await TestBed.StartAsync();

        var result = await bed.ValidateAsync(TestBed.Sign(bed.Claims().With("groups", Names(count))));

        Assert.Equal(refused ? IdentityFailure.GroupsOverage : null, (result as IdentityRefusal)?.Code);
        Assert.Equal(refused ? 0 : count, (result as VerifiedIdentity)?.Groups.Length ?? 0);
    }

    [Fact]
    public async Task Validate_RepeatedGroups_CountTowardsTheLimit()
    {
        await using var bed = await TestBed.StartAsync(static issuer =>
            new IssuerDocument { Issuer = issuer, ClientIds = ["client-1"], GroupsMax = 3 });

        await bed.AcceptAsync(bed.Claims().With("groups", "[\"a\",\"b\"]"));
        Assert.Equal(IdentityFailure.GroupsOverage, await bed.RefusalAsync(bed.Claims().With("groups", "[\"a\",\"a\",\"a\"]")));
    }

    [Theory]
    [InlineData("_claim_names", "{\"groups\":\"src1\"}")]
    [InlineData("_claim_names", "{\"groups\":null}")]
    [InlineData("_claim_names", "\"groups\"")]
    [InlineData("_claim_names", "[\"groups\"]")]
    [InlineData("_claim_names", "null")]
    [InlineData("hasgroups", "true")]
    [InlineData("hasgroups", "\"true\"")]
    [InlineData("hasgroups", "1")]
    public async Task Validate_GroupsKeptElsewhere_AreOverageWithOrWithoutAList(string name, string json)
    {
        await using var bed = await TestBed.StartAsync();

        Assert.Equal(IdentityFailure.GroupsOverage, await bed.RefusalAsync(bed.Claims().With(name, json)));
        Assert.Equal(IdentityFailure.GroupsOverage, await bed.RefusalAsync(bed.Claims().Without("groups").With(name, json)));
    }

    [Theory]
    [InlineData("_claim_names", "{}")]
    [InlineData("_claim_names", "{\"address\":\"src1\"}")]
    [InlineData("hasgroups", "false")]
    [InlineData("hasgroups", "null")]
    public async Task Validate_OtherClaimsKeptElsewhere_AreNoOverage(string name, string json)
    {
        await using var bed = await TestBed.StartAsync();

        await bed.AcceptAsync(bed.Claims().With(name, json));
    }

    [Fact]
    public async Task Validate_GroupsClaimWithAnyName_IsTheMemberOfThatName()
    {
        const string Claim = "https://idp.example.com/claims/a.b/groups";
        await using var bed = await TestBed.StartAsync(static issuer =>
            new IssuerDocument { Issuer = issuer, ClientIds = ["client-1"], GroupsClaim = Claim });

        Assert.Equal(["x"], (await bed.AcceptAsync(bed.Claims().With(Claim, "[\"x\"]"))).Groups);
        Assert.Equal(IdentityFailure.GroupsMissing, await bed.RefusalAsync(bed.Claims()));
        Assert.Equal(IdentityFailure.GroupsOverage, await bed.RefusalAsync(bed.Claims().With("_claim_names", $"{{\"{Claim}\":\"s\"}}")));
    }

    private static string Names(int count) => $"[{string.Join(',', Enumerable.Range(0, count).Select(index => $"\"g{index}\""))}]";
}
