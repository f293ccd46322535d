using ClawPdp.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClawPdp.Server.Tests.Policies;

public sealed class PolicyActivationTests : IAsyncLifetime
{
    private const string UnknownHash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private static readonly string[] Audiences = ["clawpdp", "gateway-a", "gateway-b"];

    private PolicyBed? _made;

    private PolicyBed Bed => _made ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync() => _made = await PolicyBed.StartAsync(static (settings, _) => settings with
    {
        Audiences = [.. Audiences],
        Issuance = settings.Issuance with { Audiences = [.. Audiences] },
    });

    public async ValueTask DisposeAsync()
    {
        await Bed.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task ActivatePolicy_Held_AnswersTheVeryNextQuestion()
    {
        var token = (await Bed.TokenAsync()).Cst;
        var hash = await Bed.HoldAsync(TestPolicies.Of("other", ["argo-cd"]));
        var before = await Bed.AskAsync(token, "argo-cd");

        var response = await Bed.ActivateAsync(hash);
        var allowed = await Bed.AskAsync(token, "argo-cd");
        var denied = await Bed.AskAsync(token, "github");
        var active = await Bed.ActiveAsync();

        Assert.Equal((2UL, hash, Bed.Installation.PolicyHash), (response.Activated.ActivationNumber, response.Activated.Policy.PolicyHashB64U, response.Activated.PreviousPolicyHashB64U));
        Assert.True(response.Epoch > before.Epoch);
        Assert.Equal((Effect.Allow, hash, response.Epoch), (allowed.Effect, allowed.PolicyHashB64U, allowed.Epoch));
        Assert.Equal((ReasonCode.PolicyViolation, hash), (denied.ReasonCode, denied.PolicyHashB64U));
        Assert.Equal((hash, 2UL), (active?.Policy.PolicyHashB64U, active?.ActivationNumber));
        Assert.Null(response.Activated.OverlapUntil);
    }

    [Theory]
    [InlineData(1, ReasonCode.ActivationRollback)]
    [InlineData(5, ReasonCode.ActivationRollback)]
    [InlineData(6, ReasonCode.Unspecified)]
    public async Task ActivatePolicy_Number_MustBeGreaterThanEveryEarlierOne(ulong number, ReasonCode reason)
    {
        var first = await Bed.HoldAsync(TestPolicies.Of("first", ["github"]));
        var second = await Bed.HoldAsync(TestPolicies.Of("second", ["github"]));
        await Bed.ActivateAsync(first, "gateway-a", number: 5);

        var response = await Bed.ActivateAsync(second, number: number);

        Assert.Equal(reason, response.Refusal?.ReasonCode ?? ReasonCode.Unspecified);
        Assert.Equal(reason == ReasonCode.Unspecified ? second : Bed.Installation.PolicyHash, (await Bed.ActiveAsync())?.Policy.PolicyHashB64U);
    }

    [Fact]
    public async Task ActivatePolicy_NotHeld_IsRefused() =>
        Assert.Equal(ReasonCode.WpcNotFound, (await Bed.ActivateAsync(UnknownHash)).Refusal.ReasonCode);

    [Fact]
    public async Task ActivatePolicy_AudienceOfSomebodyElse_IsRefused()
    {
        var refusal = (await Bed.ActivateAsync(Bed.Installation.PolicyHash, "gateway-c")).Refusal;

        Assert.Equal((ReasonCode.AudienceNotAllowed, "gateway-c"), (refusal.ReasonCode, refusal.OffendingItem));
    }

    [Theory]
    [InlineData("policy_hash_b64u")]
    [InlineData("overlap")]
    [InlineData("activation_number")]
    [InlineData("reason")]
    [InlineData("audience")]
    public async Task ActivatePolicy_FieldOverItsLimit_IsInvalidArgument(string field)
    {
        var request = new ActivatePolicyRequest { PolicyHashB64U = UnknownHash };
        switch (field)
        {
            case "policy_hash_b64u":
                request.PolicyHashB64U = UnknownHash[1..];
                break;
            case "overlap":
                request.Overlap = new Duration { Seconds = 86_401 };
                break;
            case "activation_number":
                request.ActivationNumber = 1UL << 53;
                break;
            case "reason":
                request.Reason = new string('a', 257);
                break;
            default:
                request.Audience = new string('a', 257);
                break;
        }

        var exception = await Assert.ThrowsAsync<RpcException>(async () => await Bed.Policies.ActivatePolicyAsync(request));

        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
        Assert.StartsWith(field + ":", exception.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ActivatePolicy_FractionOfASecond_IsInvalidArgument()
    {
        var request = new ActivatePolicyRequest { PolicyHashB64U = UnknownHash, Overlap = new Duration { Seconds = 1, Nanos = 1 } };

        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(async () => await Bed.Policies.ActivatePolicyAsync(request))).StatusCode);
    }

    [Fact]
    public async Task ActivatePolicy_Overlap_HonoursThePolicyBeforeForItsPinsAndNoLonger()
    {
        var pinned = (await Bed.TokenAsync(Bed.Installation.PolicyHash)).Cst;
        var loose = (await Bed.TokenAsync()).Cst;
        var hash = await Bed.HoldAsync(TestPolicies.Of("new", ["argo-cd"]));

        var response = await Bed.ActivateAsync(hash, overlapSeconds: 60);
        var within = await AskForModelAsync(pinned);
        var other = await Bed.AskAsync(loose);
        Bed.Time.Advance(TimeSpan.FromSeconds(60));
        var after = await AskForModelAsync(pinned);

        Assert.Equal(TimeSpan.FromSeconds(60), response.Activated.OverlapUntil.ToDateTimeOffset() - response.Activated.ActivatedAt.ToDateTimeOffset());
        Assert.Equal((Effect.Allow, Bed.Installation.PolicyHash), (within.Effect, within.PolicyHashB64U));
        Assert.Equal((ReasonCode.PolicyViolation, hash), (other.ReasonCode, other.PolicyHashB64U));
        Assert.Equal(ReasonCode.PolicyHashMismatch, after.ReasonCode);
    }

    [Fact]
    public async Task ActivatePolicy_NoOverlap_DeniesPinsOfThePolicyBefore()
    {
        var pinned = (await Bed.TokenAsync(Bed.Installation.PolicyHash)).Cst;
        await Bed.ActivateAsync(await Bed.HoldAsync(TestPolicies.Of("new", ["github"])));

        Assert.Equal(ReasonCode.PolicyHashMismatch, (await Bed.AskAsync(pinned)).ReasonCode);
    }

    [Fact]
    public async Task ActivatePolicy_ForOneAudience_LeavesTheOthersAsTheyAre()
    {
        var own = await Bed.HoldAsync(TestPolicies.Of("gateway-a", ["argo-cd"]));
        await Bed.ActivateAsync(await Bed.HoldAsync(TestPolicies.Of("all", ["github"])));
        var (tokenA, tokenB) = ((await Bed.TokenAsync(audience: "gateway-a")).Cst, (await Bed.TokenAsync(audience: "gateway-b")).Cst);

        var response = await Bed.ActivateAsync(own, "gateway-a");
        var inA = await Bed.AskAsync(tokenA, "argo-cd");
        var inB = await Bed.AskAsync(tokenB, "argo-cd");
        var later = await Bed.ActivateAsync(await Bed.HoldAsync(TestPolicies.Of("all again", ["terraform"])));
        var stillInA = await Bed.AskAsync(tokenA, "argo-cd");

        Assert.Equal(("gateway-a", "gateway-a"), (response.Activated.Audience, (await Bed.ActiveAsync("gateway-a"))?.Audience));
        Assert.Equal((Effect.Allow, own), (inA.Effect, inA.PolicyHashB64U));
        Assert.Equal(ReasonCode.PolicyViolation, inB.ReasonCode);
        Assert.Equal(later.Activated.Policy.PolicyHashB64U, (await Bed.ActiveAsync("gateway-b"))?.Policy.PolicyHashB64U);
        Assert.Equal(("", Effect.Allow), ((await Bed.ActiveAsync("gateway-b"))?.Audience, stillInA.Effect));
    }

    [Fact]
    public async Task ActivatePolicy_ThatInherits_IsJudgedWithItsParents()
    {
        var token = (await Bed.TokenAsync()).Cst;
        var parent = await Bed.HoldAsync(TestPolicies.Of("parent", ["github"]));
        var child = await Bed.HoldAsync(TestPolicies.Of("child", ["github", "argo-cd"], parent));

        await Bed.ActivateAsync(child);

        Assert.Equal(Effect.Allow, (await Bed.AskAsync(token, "github")).Effect);
        Assert.Equal(ReasonCode.PolicyViolation, (await Bed.AskAsync(token, "argo-cd")).ReasonCode);
    }

    [Fact]
    public async Task ActivatePolicy_Concurrently_LeavesTheHighestNumberInForce()
    {
        var hashes = new List<string>();
        for (var index = 0; index < 16; index++)
        {
            hashes.Add(await Bed.HoldAsync(TestPolicies.Of($"policy-{index}", ["github"])));
        }

        var responses = await Task.WhenAll(hashes.Select(hash => Bed.ActivateAsync(hash)));
        var last = responses.MaxBy(static response => response.Activated.ActivationNumber)?.Activated;

        Assert.Equal(Enumerable.Range(2, 16).Select(static number => (ulong)number), responses.Select(static response => response.Activated.ActivationNumber).Order());
        Assert.Equal(last?.Policy.PolicyHashB64U, (await Bed.ActiveAsync())?.Policy.PolicyHashB64U);
        Assert.Equal(last?.Policy.PolicyHashB64U, (await Bed.AskAsync((await Bed.TokenAsync()).Cst)).PolicyHashB64U);
    }

    [Fact]
    public async Task ListActivations_Pages_AreLatestFirstAndSayWhereFrom()
    {
        foreach (var index in Enumerable.Range(2, 4))
        {
            await Bed.Policies.ActivatePolicyAsync(new ActivatePolicyRequest { PolicyHashB64U = Bed.Installation.PolicyHash, Reason = $"reason {index}" });
        }

        var first = await Bed.Policies.ListActivationsAsync(new ListActivationsRequest { PageSize = 3 });
        var second = await Bed.Policies.ListActivationsAsync(new ListActivationsRequest { PageSize = 3, PageToken = first.NextPageToken });

        Assert.Equal([5UL, 4, 3, 2, 1], first.Activations.Concat(second.Activations).Select(static item => item.ActivationNumber));
        Assert.Equal(("api", "reason 5"), (first.Activations[0].Source, first.Activations[0].Reason));
        Assert.Equal(("file", "", ""), (second.Activations[^1].Source, second.Activations[^1].PreviousPolicyHashB64U, second.NextPageToken));
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(async () =>
            await Bed.Policies.ListActivationsAsync(new ListActivationsRequest { PageToken = "x" }))).StatusCode);
    }

    private async Task<AuthorizeResponse> AskForModelAsync(string token) =>
        await Bed.Client.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Model = "gpt-4o", Provider = "openai" });
}
