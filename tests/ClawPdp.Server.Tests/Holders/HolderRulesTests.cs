using ClawPdp.Core.Decisions;
using ClawPdp.Core.Mappings;
using ClawPdp.Core.Tokens;
using ClawPdp.Server.Issuance;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests.Holders;

/// <summary>To whom a token is bound, by what is asked, configured, and inherited.</summary>
public sealed class HolderRulesTests
{
    private const string Agent = "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT";
    private const string Thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    private static readonly HolderRequest ByKey = new(Thumbprint, UserId: null, IsAgentKey: false);
    private static readonly HolderRequest ByUser = new(KeyThumbprint: null, 1001, IsAgentKey: false);
    private static readonly HolderRequest ByAgent = new(KeyThumbprint: null, UserId: null, IsAgentKey: true);

    private static string AgentThumbprint
    {
        get
        {
            Assert.True(Core.Identifiers.DidKey.TryDecode(Agent, out var raw));
            return HolderKey.OfEd25519(raw).Thumbprint;
        }
    }

    [Fact]
    public void Settle_Optional_BindsToWhomTheRequestNames()
    {
        Assert.Equal((ReasonCode.Unspecified, null), Settle(null, HolderMode.Optional));
        Assert.Equal((ReasonCode.Unspecified, TokenHolder.OfKey(Thumbprint)), Settle(ByKey, HolderMode.Optional));
        Assert.Equal((ReasonCode.Unspecified, TokenHolder.OfUser(1001)), Settle(ByUser, HolderMode.Optional));
        Assert.Equal((ReasonCode.Unspecified, TokenHolder.OfKey(AgentThumbprint)), Settle(ByAgent, HolderMode.Optional));
    }

    [Fact]
    public void Settle_Required_RefusesNobody()
    {
        Assert.Equal(ReasonCode.HolderRequired, Settle(null, HolderMode.Required).Reason);
        Assert.Equal((ReasonCode.Unspecified, TokenHolder.OfUser(1001)), Settle(ByUser, HolderMode.Required));
    }

    [Fact]
    public void Settle_AgentKey_BindsToTheAgentWhateverIsAsked()
    {
        Assert.Equal((ReasonCode.Unspecified, TokenHolder.OfKey(AgentThumbprint)), Settle(null, HolderMode.AgentKey));
        Assert.Equal((ReasonCode.Unspecified, TokenHolder.OfKey(AgentThumbprint)), Settle(ByAgent, HolderMode.AgentKey));
        Assert.Equal((ReasonCode.Unspecified, TokenHolder.OfKey(AgentThumbprint)), Settle(ByKey with { KeyThumbprint = AgentThumbprint }, HolderMode.AgentKey));
        Assert.Equal(ReasonCode.HolderInvalid, Settle(ByKey, HolderMode.AgentKey).Reason);
        Assert.Equal(ReasonCode.HolderInvalid, Settle(ByUser, HolderMode.AgentKey).Reason);
        Assert.Equal(ReasonCode.HolderInvalid, Settle(null, HolderMode.AgentKey, agent: "did:web:agent.example").Reason);
    }

    [Fact]
    public void Settle_WhatNamesNobody_IsRefused()
    {
        foreach (var request in new[] { default, ByKey with { KeyThumbprint = "" }, ByKey with { KeyThumbprint = Thumbprint[..^1] + "J" }, ByUser with { UserId = 65_534 }, ByUser with { UserId = uint.MaxValue } })
        {
            Assert.All(Enum.GetValues<HolderMode>(), mode => Assert.Equal(ReasonCode.HolderInvalid, Settle(request, mode).Reason));
        }

        Assert.Equal(ReasonCode.HolderInvalid, Settle(ByAgent, HolderMode.Optional, agent: "did:web:agent.example").Reason);
    }

    [Fact]
    public void Settle_OfABoundParent_TheChildIsBoundToo()
    {
        var parent = TokenHolder.OfUser(1000);

        Assert.Equal(ReasonCode.HolderRequired, Settle(null, HolderMode.Optional, parent).Reason);
        Assert.Equal((ReasonCode.Unspecified, TokenHolder.OfUser(1001)), Settle(ByUser, HolderMode.Optional, parent));
    }

    private static (ReasonCode Reason, TokenHolder? Holder) Settle(HolderRequest? holder, HolderMode mode, TokenHolder? parent = null, string agent = Agent)
    {
        var request = new IssuanceRequest { Credential = "x", AgentDid = agent, Audiences = ["clawpdp"], Narrowing = new ScopeRequest(), LifetimeSeconds = null, Holder = holder };
        var refusal = HolderRules.Settle(request, mode, parent, out var settled);
        return refusal is null ? (ReasonCode.Unspecified, settled) : (refusal.Reason, null);
    }
}
