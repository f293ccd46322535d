using System.Collections.Immutable;
using ClawPdp.Core.Identifiers;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Settings;

/// <summary>Reads whose approvals count.</summary>
internal static class ApproversReader
{
    private const int CountMax = 64;

    /// <summary>Reads the list, each a did:key that does nothing else: one key has one purpose.</summary>
    /// <param name="list">The list; <see langword="null"/> for none.</param>
    /// <param name="signers">Who may sign policies.</param>
    /// <param name="agents">The agents that are known by name.</param>
    public static ImmutableArray<string> Read(JsonCursor? list, ImmutableArray<string> signers, ImmutableArray<string> agents)
    {
        var approvers = ImmutableArray.CreateBuilder<string>();
        foreach (var item in list?.AsArray(CountMax) ?? [])
        {
            if (item.AsText(Did.LengthMax) is not { } did)
            {
                continue;
            }

            if (!DidKey.TryDecode(did, out _))
            {
                item.Refuse($"`{did}` is not the did:key of an Ed25519 key", "run: clawpdp approve keygen");
            }
            else if (approvers.Contains(did, StringComparer.Ordinal))
            {
                item.Refuse("the entry stands twice");
            }
            else if (signers.Contains(did, StringComparer.Ordinal) || agents.Contains(did, StringComparer.Ordinal))
            {
                item.Refuse($"`{did}` signs policies or is an agent, too", "one key has one purpose; run: clawpdp approve keygen");
            }

            approvers.Add(did);
        }

        return approvers.ToImmutable();
    }
}
