using System.Net;
using ClawPdp.Engine.Tests;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Server.Tests.Doors.OAuth;

/// <summary>Token exchange with a proof of a key (RFC 9449 section 5): the token is bound to it.</summary>
[Trait("Door", "published")]
[Collection(PlainDoors.Name)]
public sealed class ProvenKeyTests : IDisposable
{
    private readonly RunningSidecar _sidecar;
    private readonly OAuthCalls _calls;
    private readonly HolderPen _pen = HolderPen.P256();

    public ProvenKeyTests(RunningSidecar sidecar)
    {
        _sidecar = sidecar;
        _calls = new OAuthCalls(sidecar);
    }

    public void Dispose()
    {
        _calls.Dispose();
        _pen.Dispose();
    }

    [Fact]
    public async Task Exchange_WithAProof_GivesATokenOfThatKey()
    {
        var answer = await ExchangeAsync([Prove()]);
        var token = answer.Text("access_token") ?? "";

        Assert.Equal((HttpStatusCode.OK, "DPoP"), (answer.Status, answer.Text("token_type")));
        Assert.Equal(ReasonCode.TokenProofRequired, await AskAsync(token));
        Assert.Equal(ReasonCode.Allowed, await AskAsync(token, _pen.Prove(token, _sidecar.GrpcAddress + "/clawpdp.v1.DecisionService/Authorize", DateTimeOffset.UtcNow)));
    }

    [Fact]
    public async Task Exchange_WithAProofThatDoesNotHold_GivesNoToken()
    {
        string[][] faulty =
        [
            [""], ["nonsense"], [Prove(), Prove()], [Prove()[..^1] + "!"], [Prove(path: "/oauth2/introspect")], [Prove(method: "GET")],
            [Prove(TimeSpan.FromMinutes(-2))], [Prove(TimeSpan.FromMinutes(1))],
        ];
        foreach (var proofs in faulty)
        {
            var answer = await ExchangeAsync(proofs);

            Assert.Equal((HttpStatusCode.BadRequest, "invalid_dpop_proof", "TOKEN_PROOF_INVALID"), (answer.Status, answer.Text("error"), answer.Text("reason_code")));
            Assert.Null(answer.Text("access_token"));
        }
    }

    [Fact]
    public async Task Exchange_ABoundParent_WantsTheProofOfItsOwnKey()
    {
        var parent = (await ExchangeAsync([Prove()])).Text("access_token") ?? "";
        using var other = HolderPen.Ed25519();
        (string, string)[] delegation = [("subject_token", parent), ("subject_token_type", OAuthCalls.JwtType), ("agent_did", "did:web:sub.example")];

        var without = await ExchangeAsync([], delegation);
        var others = await ExchangeAsync([other.Prove(parent, Address(), DateTimeOffset.UtcNow)], delegation);
        var unbound = await ExchangeAsync([_pen.Prove(token: null, Address(), DateTimeOffset.UtcNow)], delegation);
        var unproved = await ExchangeAsync([Prove()[..^4] + "AAAA"], ("subject_token", await _sidecar.TokenOfAsync("alice")), ("subject_token_type", OAuthCalls.JwtType), ("agent_did", "did:web:sub.example"));
        var own = await ExchangeAsync([_pen.Prove(parent, Address(), DateTimeOffset.UtcNow)], delegation);

        Assert.Equal(("invalid_dpop_proof", "TOKEN_PROOF_REQUIRED"), (without.Text("error"), without.Text("reason_code")));
        Assert.Equal(("invalid_dpop_proof", "TOKEN_PROOF_INVALID"), (others.Text("error"), others.Text("reason_code")));
        Assert.Equal(("invalid_dpop_proof", "TOKEN_PROOF_INVALID"), (unbound.Text("error"), unbound.Text("reason_code")));
        Assert.Equal(("invalid_dpop_proof", "TOKEN_PROOF_INVALID"), (unproved.Text("error"), unproved.Text("reason_code")));
        Assert.Equal((HttpStatusCode.OK, "DPoP"), (own.Status, own.Text("token_type")));
    }

    private string Address(string path = OAuthCalls.Token) => _sidecar.HttpAddress + path;

    private string Prove(TimeSpan age = default, string path = OAuthCalls.Token, string method = "POST") => _pen.Prove(token: null, Address(path), DateTimeOffset.UtcNow + age, method);

    private async Task<HttpAnswer> ExchangeAsync(string[] proofs, params (string Name, string Value)[] changes) =>
        await _calls.PostAsync(OAuthCalls.Token, await _calls.ExchangeAsync("alice", changes), [.. proofs.Select(static proof => ("DPoP", proof))]);

    private async Task<ReasonCode> AskAsync(string token, string? proof = null) => (await _sidecar.Client.Decisions.AuthorizeAsync(
        new AuthorizeRequest { Cst = token, Tool = "github" },
        proof is null ? [] : new Metadata { { "dpop", proof } })).ReasonCode;
}
