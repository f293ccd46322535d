using System.Text;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Tokens;
using ClawPdp.Crypto;

namespace ClawPdp.Audit.Tests;

/// <summary>Makes the issuance of a parent and that of the run's token, which came from it. A test changes one thing before.</summary>
internal sealed class DelegationBuilder
{
    public static readonly string ParentHash = Sha256.Hex("parent");

    private static readonly string ParentDid = RunKeys.Key(KeyPurpose.Agent, 7).PublicKey.Did;

    /// <summary>Gets or sets what the parent's claims are made of the child's.</summary>
    public Func<CstClaims, CstClaims> Parent { get; set; } = static claims => claims;

    /// <summary>Gets or sets what the child's payload goes through before it is signed.</summary>
    public Func<JsonValue, JsonValue> Child { get; set; } = static payload => payload;

    /// <summary>Gets or sets what the delegation receipt goes through before it is signed.</summary>
    public Func<JsonValue, JsonValue> Receipt { get; set; } = static payload => payload;

    /// <summary>Gets or sets a value indicating whether the parent's issuance names a user.</summary>
    public bool IsRooted { get; set; } = true;

    public static CstClaims ClaimsOf(CstClaims claims) => claims with
    {
        OwnerDid = ParentDid,
        DelegationId = "dlg_1",
        DelegatorDid = ParentDid,
        DelegateDid = claims.Subject,
        DelegationExpiresAt = claims.ExpiresAt,
    };

    public (JsonValue Parent, JsonValue Child) Build(RunBuilder run, CstClaims child)
    {
        var now = run.Now.AddHours(-1);
        var above = Parent(child with { Subject = ParentDid, OwnerDid = null, DelegationId = null, DelegatorDid = null, DelegateDid = null, DelegationExpiresAt = null });
        above = above with { TokenScopeHash = TokenScopeHash.Compute(above) };
        var parentPayload = run.IssuancePayloadOf(above, ParentHash, IsRooted ? new JsonMember("identity", RunBuilder.IdentityOf()) : OriginOf("nobody"));
        var childPayload = Child(run.IssuancePayloadOf(child, run.TokenHash, OriginOf(ParentHash)));
        var envelope = run.Keys.Receipt.SignEnvelope("issuance_record", childPayload, now);
        var receipt = run.Keys.Receipt.SignEnvelope("delegation_receipt", Receipt(ReceiptOf(child, envelope.PayloadHash)), now);
        var content = RunBuilder.IssuanceContentOf(childPayload, Encoding.UTF8.GetString(envelope.Json.Span));
        content = RunBuilder.With(content, "parent_token_hash", JsonValue.Of(ParentHash));
        return (
            RunBuilder.IssuanceContentOf(parentPayload, Encoding.UTF8.GetString(run.Keys.Receipt.SignEnvelope("issuance_record", parentPayload, now).Json.Span)),
            RunBuilder.With(content, "delegation", JsonValue.Of(Encoding.UTF8.GetString(receipt.Json.Span))));
    }

    private static JsonMember OriginOf(string tokenHash) => new("parent", new JsonObjectBuilder()
        .Add("token_hash", tokenHash)
        .Add("groups", JsonValue.ArrayOf(["engineers"]))
        .Build());

    private static JsonValue ReceiptOf(CstClaims child, string recordHash) => new JsonObjectBuilder()
        .Add("binding", new JsonObjectBuilder().Add("parent_token_hash", ParentHash).Build())
        .Add("delegate_bundle_hash_b64u", recordHash)
        .Add("delegate_did", child.Subject)
        .Add("delegated_at", "2026-01-01T12:00:00.000Z")
        .Add("delegator_did", ParentDid)
        .Add("hash_algorithm", "SHA-256")
        .Add("receipt_id", "dlr_1")
        .Add("receipt_version", "1")
        .Add("task_description_hash_b64u", recordHash)
        .Build();
}
