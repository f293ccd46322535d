using System.Collections.Immutable;
using ClawPdp.Crypto;

namespace ClawPdp.Audit.Tests;

/// <summary>The keys of an installation and its agent, always the same.</summary>
internal sealed class RunKeys : IDisposable
{
    public PurposeKey Receipt { get; set; } = Key(KeyPurpose.Receipt, 1);

    public PurposeKey Log { get; set; } = Key(KeyPurpose.Log, 2);

    public PurposeKey Policy { get; set; } = Key(KeyPurpose.Policy, 3);

    public PurposeKey Agent { get; set; } = Key(KeyPurpose.Agent, 4);

    public ImmutableArray<string> Trusted => [Receipt.PublicKey.Did, Log.PublicKey.Did, Policy.PublicKey.Did];

    public static PurposeKey Key(KeyPurpose purpose, byte number)
    {
        var seed = new byte[Ed25519SigningKey.SeedSizeBytes];
        seed[0] = number;
        return new PurposeKey(purpose, Ed25519SigningKey.FromSeed(seed));
    }

    public void Dispose()
    {
        Receipt.Dispose();
        Log.Dispose();
        Policy.Dispose();
        Agent.Dispose();
    }
}
