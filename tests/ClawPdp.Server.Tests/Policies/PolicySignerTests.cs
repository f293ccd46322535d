using ClawPdp.Crypto;
using ClawPdp.Server.Settings;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Policies;

public sealed class PolicySignerTests : IAsyncLifetime
{
    private readonly PurposeKey _old = TestPolicies.NewKey();
    private readonly PurposeKey _new = TestPolicies.NewKey();
    private PolicyBed? _made;

    private PolicyBed Bed => _made ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync() => _made = await PolicyBed.StartAsync((settings, _) => settings with
    {
        Policy = settings.Policy with { Signers = [.. settings.Policy.Signers, new PolicySigner(_old.PublicKey.Did, _new.PublicKey.Did)] },
    });

    public async ValueTask DisposeAsync()
    {
        await Bed.DisposeAsync();
        _old.Dispose();
        _new.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task PutPolicy_BeforeTheSuccessorActed_IsAcceptedOfBoth()
    {
        await Bed.HoldAsync(TestPolicies.Of("new", ["github"]), _new);

        Assert.NotNull((await Bed.PutAsync(TestPolicies.Sign(_old, TestPolicies.Of("old", ["github"])))).Policy);
    }

    [Fact]
    public async Task ActivatePolicy_OfTheSuccessor_EndsTheOldKeyForNewPoliciesAlone()
    {
        var held = await Bed.HoldAsync(TestPolicies.Of("held", ["argo-cd"]), _old);
        await Bed.ActivateAsync(await Bed.HoldAsync(TestPolicies.Of("of the successor", ["github"]), _new));
        var fresh = TestPolicies.Sign(_old, TestPolicies.Of("fresh", ["github"]));

        var refused = await Bed.PutAsync(fresh);
        await Bed.RestartAsync();
        var refusedAgain = await Bed.PutAsync(fresh);
        var back = await Bed.ActivateAsync(held);
        var answer = await Bed.AskAsync((await Bed.TokenAsync()).Cst, "argo-cd");

        Assert.Equal((ReasonCode.WpcSignerNotAllowed, ReasonCode.WpcSignerNotAllowed), (refused.Refusal.ReasonCode, refusedAgain.Refusal.ReasonCode));
        Assert.Equal((held, Effect.Allow), (back.Activated?.Policy.PolicyHashB64U, answer.Effect));
    }

    [Fact]
    public async Task ActivatePolicy_OfTheOldKey_EndsNoKey()
    {
        await Bed.ActivateAsync(await Bed.HoldAsync(TestPolicies.Of("old", ["github"]), _old));

        Assert.NotNull((await Bed.PutAsync(TestPolicies.Sign(_old, TestPolicies.Of("another", ["github"])))).Policy);
        Assert.NotNull((await Bed.PutAsync(TestPolicies.Sign(_new, TestPolicies.Of("yet another", ["github"])))).Policy);
    }

    [Fact]
    public async Task Revoke_TheSignersKey_DeniesAtOnceAndForNewPolicies()
    {
        var token = (await Bed.TokenAsync()).Cst;
        var active = await Bed.HoldAsync(TestPolicies.Of("active", ["github"]));
        var other = await Bed.HoldAsync(TestPolicies.Of("other", ["github"]));
        await Bed.ActivateAsync(active);
        var before = await Bed.AskAsync(token);

        await Bed.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Kid = Bed.Signer.PublicKey.KeyId });
        var denied = await Bed.AskAsync(token);
        var put = await Bed.PutAsync(TestPolicies.Sign(Bed.Signer, TestPolicies.Of("fresh", ["github"])));
        var activated = await Bed.ActivateAsync(other);

        Assert.Equal((Effect.Allow, ReasonCode.PolicyMissing), (before.Effect, denied.ReasonCode));
        Assert.Equal((ReasonCode.WpcSignerNotAllowed, ReasonCode.WpcSignerNotAllowed), (put.Refusal.ReasonCode, activated.Refusal.ReasonCode));
        Assert.Contains(active, await Bed.HealthAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_TheKeyOfAParent_DeniesToo()
    {
        var token = (await Bed.TokenAsync()).Cst;
        var parent = await Bed.HoldAsync(TestPolicies.Of("parent", ["github"]), _old);
        await Bed.ActivateAsync(await Bed.HoldAsync(TestPolicies.Of("child", ["github"], parent)));

        await Bed.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Kid = _old.PublicKey.KeyId });

        Assert.Equal(ReasonCode.PolicyMissing, (await Bed.AskAsync(token)).ReasonCode);
    }

    [Fact]
    public async Task PutPolicy_AgainByAnAcceptedKey_HealsWhatARevokedKeySigned()
    {
        var token = (await Bed.TokenAsync()).Cst;
        var policy = TestPolicies.Of("active", ["github"]);
        await Bed.ActivateAsync(await Bed.HoldAsync(policy));
        await Bed.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Kid = Bed.Signer.PublicKey.KeyId });

        var healed = await Bed.PutAsync(TestPolicies.Sign(_new, policy));
        var answer = await Bed.AskAsync(token);
        await Bed.RestartAsync();
        var later = await Bed.AskAsync(token);

        Assert.Equal((true, _new.PublicKey.Did), (healed.Existed, healed.Policy.SignerDid));
        Assert.Equal((Effect.Allow, Effect.Allow), (answer.Effect, later.Effect));
        Assert.Equal((_new.PublicKey.Did, ""), ((await Bed.ActiveAsync())?.Policy.SignerDid, await Bed.HealthAsync()));
    }

    [Fact]
    public async Task PutPolicy_AgainByAnotherAcceptedKey_OutlivesTheFirstKey()
    {
        var token = (await Bed.TokenAsync()).Cst;
        var policy = TestPolicies.Of("policy", ["github"]);
        await Bed.ActivateAsync(await Bed.HoldAsync(policy));

        var again = await Bed.PutAsync(TestPolicies.Sign(_new, policy));
        await Bed.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Kid = Bed.Signer.PublicKey.KeyId });

        Assert.Equal((true, _new.PublicKey.Did), (again.Existed, again.Policy.SignerDid));
        Assert.Equal(Effect.Allow, (await Bed.AskAsync(token)).Effect);
    }
}
