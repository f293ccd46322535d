using System.Collections.Immutable;
using ClawPdp.Core.Policies;
using ClawPdp.Core.Tokens;
using ClawPdp.Crypto;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Policies;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.State;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Tests;

/// <summary>An engine with one token key, and tokens signed with it.</summary>
internal sealed class EngineFixture : IDisposable
{
    public const string Agent = "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT";
    public const string Audience = "clawpdp";

    public static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PurposeKey _key = new(KeyPurpose.Token, Ed25519SigningKey.Generate());

    public EngineFixture(WorkPolicyContract? policy = null, bool policyRequired = false, DateTimeOffset? keyNotAfter = null)
    {
        States = new EngineStateStore(new EngineState
        {
            Epoch = 1,
            Keys = new KeySet([new VerificationKey(_key.PublicKey, keyNotAfter)], Now),
            Policies = Table(policy),
            PolicyRequired = policyRequired,
            Audiences = [Audience],
        });
        Engine = new DecisionEngine(States, Revocations, Lineages);
    }

    public EngineStateStore States { get; }

    public RevocationView Revocations { get; } = new();

    public KnownLineages Lineages { get; } = new();

    public DecisionEngine Engine { get; }

    public string KeyId => _key.PublicKey.KeyId;

    public ReadOnlyMemory<byte> PublicKey => _key.PublicKey.Raw;

    public static CstClaims Claims(params ImmutableArray<string> scope) => new()
    {
        Subject = Agent,
        Audience = [Audience],
        Scope = scope,
        IssuedAt = Now.ToUnixTimeSeconds(),
        ExpiresAt = Now.ToUnixTimeSeconds() + 600,
        TokenId = "00000000-0000-4000-8000-000000000001",
    };

    public static WorkPolicyContract Policy(string members)
    {
        var text = $$"""{"policy_version":"1","policy_id":"p","issuer_did":"did:web:example.com"{{members}}}""";
        return WpcLoader.Load(System.Text.Encoding.UTF8.GetBytes(text)).Value;
    }

    public static PolicyTable Table(WorkPolicyContract? policy) => policy is null
        ? PolicyTable.Empty
        : PolicyTable.Empty.WithCommon(new ActivePolicy { Current = new SignedChain(PolicyChain.Resolve(policy, static _ => null).Value, []) });

    public string Sign(CstClaims claims, TokenHolder? holder = null) => SignAsIs(claims with { TokenScopeHash = TokenScopeHash.Compute(claims) }, holder);

    public string SignAsIs(CstClaims claims, TokenHolder? holder = null) => CstWriter.Write(claims, KeyId, holder, _key.SignToken);

    public byte[] SignRaw(ReadOnlyMemory<byte> signingInput) => _key.SignToken(signingInput);

    public Decision Ask(string? token, string? tool = null, string? model = null, string? host = null, string? policyHash = null, string? provider = null, DateTimeOffset? at = null) =>
        Engine.Decide(
            new Question { Token = token, Tool = tool, Model = model, Host = host, PolicyHash = policyHash, Provider = provider },
            at ?? Now,
            out _);

    public void Dispose() => _key.Dispose();
}
