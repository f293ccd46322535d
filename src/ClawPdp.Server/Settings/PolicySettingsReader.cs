using System.Collections.Immutable;
using ClawPdp.Core.Identifiers;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Settings;

/// <summary>Reads the member <c>policy</c>.</summary>
internal static class PolicySettingsReader
{
    private const int SignerCountMax = 16;

    /// <summary>Reads the member; every fault goes to the document's.</summary>
    /// <param name="policy">The member; <see langword="null"/> when it is absent.</param>
    /// <param name="baseDirectory">What relative paths start from.</param>
    /// <param name="agents">The agents that are named, none of which may approve.</param>
    public static PolicySettings Read(JsonCursor? policy, string baseDirectory, ImmutableArray<string> agents)
    {
        var members = policy is not null && policy.IsObjectOf("file", "directory", "signers", "approvers", "require_policy") ? policy : null;
        var signers = ReadSigners(members?.Optional("signers"));
        return new PolicySettings
        {
            Path = SettingsReader.PathOf(members?.Optional("file"), baseDirectory),
            DirectoryPath = SettingsReader.PathOf(members?.Optional("directory"), baseDirectory),
            Signers = signers,
            Approvers = ApproversReader.Read(members?.Optional("approvers"), [.. signers.SelectMany(static signer => new[] { signer.Did, signer.SuccessorDid }).OfType<string>()], agents),
            Required = members?.Optional("require_policy")?.AsBoolean() ?? false,
        };
    }

    private static ImmutableArray<PolicySigner> ReadSigners(JsonCursor? list)
    {
        var signers = ImmutableArray.CreateBuilder<PolicySigner>();
        foreach (var item in list?.AsArray(SignerCountMax) ?? [])
        {
            if (ReadSigner(item) is not { } signer)
            {
                continue;
            }

            if (signers.Any(other => string.Equals(other.Did, signer.Did, StringComparison.Ordinal)))
            {
                item.Refuse("the entry stands twice");
            }

            signers.Add(signer);
        }

        // A key that comes back to itself could be succeeded for good by the key that it succeeds.
        var circle = signers.FirstOrDefault(signer => !string.Equals(signer.Did, signer.SuccessorDid, StringComparison.Ordinal) && IsCircle(signers, signer));
        if (circle is not null)
        {
            list?.Refuse($"the successors of `{circle.Did}` come back to itself");
        }

        return signers.ToImmutable();
    }

    private static bool IsCircle(ImmutableArray<PolicySigner>.Builder signers, PolicySigner start)
    {
        var next = start.SuccessorDid;
        for (var left = signers.Count; left > 0 && next is not null; left--)
        {
            if (string.Equals(next, start.Did, StringComparison.Ordinal))
            {
                return true;
            }

            next = signers.FirstOrDefault(signer => string.Equals(signer.Did, next, StringComparison.Ordinal))?.SuccessorDid;
        }

        return false;
    }

    private static PolicySigner? ReadSigner(JsonCursor item)
    {
        if (item.Value.Kind == JsonKind.String)
        {
            return ReadKey(item) is { } only ? new PolicySigner(only) : null;
        }

        if (item.Value.Kind != JsonKind.Object)
        {
            item.Refuse("a did:key, or an object with `did` and `successor`, is expected");
            return null;
        }

        if (!item.IsObjectOf("did", "successor"))
        {
            return null;
        }

        var did = ReadKey(item.Required("did"));
        var successor = ReadKey(item.Optional("successor"));
        if (did is not null && string.Equals(did, successor, StringComparison.Ordinal))
        {
            item.Optional("successor")?.Refuse("a key cannot succeed itself");
        }

        return did is null ? null : new PolicySigner(did, successor);
    }

    private static string? ReadKey(JsonCursor? member)
    {
        var did = member?.AsText(Did.LengthMax);
        if (member is not null && did is not null && !DidKey.TryDecode(did, out _))
        {
            member.Refuse($"`{did}` is not the did:key of an Ed25519 key");
            return null;
        }

        return did;
    }
}
