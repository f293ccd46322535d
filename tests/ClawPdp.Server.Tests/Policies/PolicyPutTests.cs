using System.Text;
using ClawPdp.Core.Json;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Server.Tests.Policies;

public sealed class PolicyPutTests : IAsyncLifetime
{
    private PolicyBed? _made;

    private PolicyBed Bed => _made ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync() => _made = await PolicyBed.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Bed.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task PutPolicy_SignedByAnAcceptedKey_IsHeldAndNotActive()
    {
        var policy = TestPolicies.Of("new", ["github"]);

        var first = await Bed.PutAsync(TestPolicies.Sign(Bed.Signer, policy));
        var again = await Bed.PutAsync(TestPolicies.Sign(Bed.Signer, policy));
        var listed = (await Bed.Policies.ListPoliciesAsync(new ListPoliciesRequest())).Policies.Single(item => item.Policy.PolicyHashB64U == policy.PolicyHash);

        Assert.Equal((false, true), (first.Existed, again.Existed));
        Assert.Equal((policy.PolicyHash, "new", "2", Bed.Signer.PublicKey.Did), (first.Policy.PolicyHashB64U, first.Policy.PolicyId, first.Policy.FormatVersion, first.Policy.SignerDid));
        Assert.False(listed.Active);
        Assert.Equal(Bed.Installation.PolicyHash, (await Bed.ActiveAsync())?.Policy.PolicyHashB64U);
    }

    [Fact]
    public async Task PutPolicy_SignedByAnotherKey_IsRefusedAndNotHeld()
    {
        using var stranger = TestPolicies.NewKey();

        var response = await Bed.PutAsync(TestPolicies.Sign(stranger, TestPolicies.Of("new", ["github"])));

        Assert.Equal((ReasonCode.WpcSignerNotAllowed, "envelope_json"), (response.Refusal.ReasonCode, response.Refusal.Field));
        Assert.Single((await Bed.Policies.ListPoliciesAsync(new ListPoliciesRequest())).Policies);
    }

    [Fact]
    public async Task PutPolicy_OneBitOfTheSignatureOff_IsRefused()
    {
        var envelope = JsonReader.Parse(TestPolicies.Sign(Bed.Signer, TestPolicies.Of("new", ["github"])), 1 << 20).Value;
        var signature = envelope.FindText("signature_b64u") ?? "";
        var changed = With(envelope, "signature_b64u", JsonValue.Of((signature[0] == 'A' ? 'B' : 'A') + signature[1..]));

        Assert.Equal(ReasonCode.WpcSignatureInvalid, (await Bed.PutAsync(JsonWriter.WriteCanonical(changed))).Refusal.ReasonCode);
    }

    [Fact]
    public async Task PutPolicy_PayloadChanged_IsRefused()
    {
        var envelope = JsonReader.Parse(TestPolicies.Sign(Bed.Signer, TestPolicies.Of("new", ["github"])), 1 << 20).Value;
        var changed = With(envelope, "payload", TestPolicies.Payload("new", ["gitlab"]));

        Assert.Equal(ReasonCode.WpcEnvelopeInvalid, (await Bed.PutAsync(JsonWriter.WriteCanonical(changed))).Refusal.ReasonCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    public async Task PutPolicy_NoEnvelope_IsRefusedOrInvalid(string text)
    {
        if (text.Length == 0)
        {
            Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => Bed.PutAsync([]))).StatusCode);
            return;
        }

        Assert.Equal(ReasonCode.WpcEnvelopeInvalid, (await Bed.PutAsync(Encoding.UTF8.GetBytes(text))).Refusal.ReasonCode);
    }

    [Fact]
    public async Task PutPolicy_BreaksARuleOfTheFormat_NamesItsPlace()
    {
        var payload = With(TestPolicies.Payload("new", ["github"]), "unknown", JsonValue.Of(1));

        var refusal = (await Bed.PutAsync(TestPolicies.Sign(Bed.Signer, payload))).Refusal;

        Assert.Equal(ReasonCode.WpcInvalid, refusal.ReasonCode);
        Assert.Contains("/payload/unknown", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PutPolicy_ParentNotHeld_IsRefusedUntilItIs()
    {
        var parent = TestPolicies.Of("parent", ["github"]);
        var child = TestPolicies.Sign(Bed.Signer, TestPolicies.Of("child", ["github"], parent.PolicyHash));

        var before = await Bed.PutAsync(child);
        await Bed.HoldAsync(parent);
        var after = await Bed.PutAsync(child);

        Assert.Equal(ReasonCode.WpcParentUnresolved, before.Refusal.ReasonCode);
        Assert.Equal("child", after.Policy.PolicyId);
    }

    [Fact]
    public async Task PutPolicy_NinthOfAChain_IsRefused()
    {
        string? parent = null;
        for (var link = 1; link <= 8; link++)
        {
            parent = await Bed.HoldAsync(TestPolicies.Of($"link-{link}", ["github"], parent));
        }

        var ninth = await Bed.PutAsync(TestPolicies.Sign(Bed.Signer, TestPolicies.Of("link-9", ["github"], parent)));

        Assert.Equal(ReasonCode.WpcParentUnresolved, ninth.Refusal.ReasonCode);
    }

    [Fact]
    public async Task ListPolicies_Pages_JoinInTheOrderOfTheHashes()
    {
        for (var index = 0; index < 6; index++)
        {
            await Bed.HoldAsync(TestPolicies.Of($"policy-{index}", ["github"]));
        }

        var all = new List<string>();
        var request = new ListPoliciesRequest { PageSize = 3 };
        do
        {
            var page = await Bed.Policies.ListPoliciesAsync(request);
            all.AddRange(page.Policies.Select(static item => item.Policy.PolicyHashB64U));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(7, all.Count);
        Assert.Equal(all.Distinct().Order(StringComparer.Ordinal), all);
    }

    private static JsonValue With(JsonValue value, string name, JsonValue member) =>
        JsonValue.ObjectOf([.. value.Members.Where(other => other.Name != name), new JsonMember(name, member)]);
}
