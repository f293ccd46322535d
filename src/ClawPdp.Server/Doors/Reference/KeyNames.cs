using System.Collections.Immutable;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Engine.Revocations;
using ClawPdp.Server.Keys;

namespace ClawPdp.Server.Doors.Reference;

/// <summary>The ids of the keys that verify CSTs, by what each still does. Compared by reference.</summary>
internal sealed class KeyNames
{
    private KeyNames(string active, ImmutableArray<StoredKey> accepted)
    {
        Active = active;
        Accepted = [.. accepted.Select(static key => key.PublicKey.KeyId)];
        Signing = [.. accepted.Where(static key => key.CanSign).Select(static key => key.PublicKey.KeyId)];
        VerifyOnly = [.. accepted.Where(static key => !key.CanSign).Select(static key => key.PublicKey.KeyId)];
        Expiring = JsonValue.ArrayOf([.. accepted.Where(static key => key.NotAfter is not null).Select(static key => new JsonObjectBuilder()
            .Add("kid", key.PublicKey.KeyId)
            .AddIfPresent("not_after_unix", key.NotAfter?.ToUnixTimeSeconds())
            .Build())]);
    }

    public string Active { get; }

    public ImmutableArray<string> Accepted { get; }

    public ImmutableArray<string> Signing { get; }

    public ImmutableArray<string> VerifyOnly { get; }

    /// <summary>Gets the keys that have an end, with it.</summary>
    public JsonValue Expiring { get; }

    /// <summary>Looks at a ring at an instant, and leaves out what is revoked.</summary>
    public static KeyNames Of(SigningRing ring, RevocationView revocations, DateTimeOffset now) =>
        new(ring.SignerOf(KeyPurpose.Token).PublicKey.KeyId, [.. TokenKeys.Accepted(ring, revocations, now)]);
}
