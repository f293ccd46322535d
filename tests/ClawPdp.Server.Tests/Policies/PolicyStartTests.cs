using ClawPdp.Server.Hosting;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Policies;

/// <summary>What is in force after a start, and what a start fails with.</summary>
public sealed class PolicyStartTests
{
    [Fact]
    public async Task Restart_Activated_IsInForceWithItsOverlapAndTheFileDoesNotUndoIt()
    {
        await using var bed = await PolicyBed.StartAsync();
        var pinned = (await bed.TokenAsync(bed.Installation.PolicyHash)).Cst;
        var hash = await bed.HoldAsync(TestPolicies.Of("new", ["argo-cd"]));
        var activated = (await bed.ActivateAsync(hash, overlapSeconds: 60)).Activated;

        await bed.RestartAsync();
        await bed.ReloadAsync();
        var active = await bed.ActiveAsync();
        var within = await bed.Client.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = pinned, Model = "gpt-4o", Provider = "openai" });
        bed.Time.Advance(TimeSpan.FromSeconds(60));
        var after = await bed.Client.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = pinned, Model = "gpt-4o", Provider = "openai" });

        Assert.Equal(activated, active);
        Assert.Equal((Effect.Allow, ReasonCode.PolicyHashMismatch), (within.Effect, after.ReasonCode));
    }

    [Fact]
    public async Task Restart_OldActivationPlayedBack_IsRefused()
    {
        await using var bed = await PolicyBed.StartAsync();
        var hash = await bed.HoldAsync(TestPolicies.Of("new", ["github"]));
        await bed.ActivateAsync(hash, number: 7);

        await bed.RestartAsync();

        Assert.Equal(ReasonCode.ActivationRollback, (await bed.ActivateAsync(bed.Installation.PolicyHash, number: 7)).Refusal.ReasonCode);
        Assert.Equal(8UL, (await bed.ActivateAsync(bed.Installation.PolicyHash)).Activated.ActivationNumber);
    }

    [Theory]
    [InlineData("{")]
    [InlineData(null)]
    public async Task Start_FirstWithABadFile_Fails(string? content)
    {
        await using var bed = await PolicyBed.MakeAsync();
        Put(bed.PolicyPath, content);

        var fault = await Assert.ThrowsAsync<StartFaultException>(bed.StartAsync);

        Assert.StartsWith(bed.PolicyPath, Assert.Single(fault.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData(null)]
    public async Task Start_LaterWithABadFile_ServesTheLastGoodPolicyAndShowsTheFault(string? content)
    {
        await using var bed = await PolicyBed.StartAsync();
        await bed.StopAsync();
        Put(bed.PolicyPath, content);

        await bed.StartAsync();
        var answer = await bed.Client.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = (await bed.TokenAsync()).Cst, Model = "gpt-4o", Provider = "openai" });

        Assert.Equal((Effect.Allow, bed.Installation.PolicyHash), (answer.Effect, answer.PolicyHashB64U));
        Assert.Contains(bed.PolicyPath, await bed.HealthAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FileOfASignerWhoIsNoLongerListed_KeepsTheLastGoodPolicy()
    {
        var isListed = true;
        await using var bed = await PolicyBed.MakeAsync((settings, _) => isListed ? settings : settings with { Policy = settings.Policy with { Signers = [] } });
        var first = TestPolicies.Of("first", ["github"]);
        await File.WriteAllBytesAsync(bed.PolicyPath, TestPolicies.Sign(bed.Signer, first), TestContext.Current.CancellationToken);
        await bed.StartAsync();
        await bed.StopAsync();
        isListed = false;
        await File.WriteAllBytesAsync(bed.PolicyPath, TestPolicies.Sign(bed.Signer, TestPolicies.Of("second", ["github"])), TestContext.Current.CancellationToken);

        await bed.StartAsync();

        Assert.Equal(first.PolicyHash, (await bed.ActiveAsync())?.Policy.PolicyHashB64U);
        Assert.Contains("CLAIM_NOT_FOUND", bed.FaultOf("policy"), StringComparison.Ordinal);
    }

    private static void Put(string path, string? content)
    {
        if (content is null)
        {
            File.Delete(path);
        }
        else
        {
            File.WriteAllText(path, content);
        }
    }
}
