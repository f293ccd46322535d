using System.Collections.Frozen;

namespace ClawPdp.Audit.Evidence;

/// <summary>The kinds of record by their names (docs/evidence.md section 1).</summary>
public static class RecordKinds
{
    /// <summary>A signed receipt.</summary>
    public const string Receipt = "receipt";

    /// <summary>A token that was issued.</summary>
    public const string Issuance = "issuance";

    /// <summary>A revocation.</summary>
    public const string Revocation = "revocation";

    /// <summary>An attempt that was refused.</summary>
    public const string Refusal = "refusal";

    /// <summary>An answer to a question.</summary>
    public const string Decision = "decision";

    /// <summary>A scope mapping or policy that others name by its hash.</summary>
    public const string Document = "document";

    /// <summary>The start of a run.</summary>
    public const string Run = "run";

    /// <summary>An event of a run.</summary>
    public const string Event = "event";

    /// <summary>A statement of how much there is of a run.</summary>
    public const string Seal = "seal";

    /// <summary>A change of the policy in force.</summary>
    public const string Activation = "activation";

    /// <summary>A removal of old records.</summary>
    public const string Prune = "prune";

    /// <summary>An admin act.</summary>
    public const string Act = "act";

    private static readonly FrozenDictionary<string, byte> Numbers = new Dictionary<string, byte>(StringComparer.Ordinal)
    {
        [Receipt] = 1,
        [Issuance] = 2,
        [Revocation] = 3,
        [Refusal] = 4,
        [Decision] = 5,
        [Document] = 6,
        [Run] = 7,
        [Event] = 8,
        [Seal] = 9,
        [Activation] = 10,
        [Prune] = 11,
        [Act] = 12,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Gives the number of a kind, which its records are hashed with; 0 for a name that is none.</summary>
    public static byte NumberOf(string name) => Numbers.GetValueOrDefault(name);
}
