using System.Collections.Immutable;
using ClawPdp.Crypto;

namespace ClawPdp.Server.Keys;

/// <summary>The names of key purposes on disk and on the command line.</summary>
internal static class KeyPurposeText
{
    /// <summary>Gets the purposes an installation holds keys for, one active key each.</summary>
    public static ImmutableArray<KeyPurpose> Held { get; } = [KeyPurpose.Token, KeyPurpose.Receipt, KeyPurpose.Policy, KeyPurpose.Log];

    /// <summary>Gets the names.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Held.Select(NameOf)];

    /// <summary>Gives a purpose's name.</summary>
    public static string NameOf(KeyPurpose purpose) => purpose switch
    {
        KeyPurpose.Token => "token",
        KeyPurpose.Receipt => "receipt",
        KeyPurpose.Policy => "policy",
        KeyPurpose.Log => "log",
        KeyPurpose.Agent => "agent",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), "no installation holds a key for this purpose"),
    };

    /// <summary>Finds a purpose by its exact name.</summary>
    public static KeyPurpose? Find(string? name)
    {
        foreach (var purpose in Held.Add(KeyPurpose.Agent))
        {
            if (string.Equals(NameOf(purpose), name, StringComparison.Ordinal))
            {
                return purpose;
            }
        }

        return null;
    }
}
