using System.Collections.Immutable;
using ClawPdp.Crypto;
using ClawPdp.Server.Cli;
using ClawPdp.Server.Keys;

namespace ClawPdp.Server.Maintenance;

/// <summary>Finds the keys that the log of an installation is trusted by.</summary>
internal static class LogTrust
{
    /// <summary>Gives the keys named by hand, or else the installation's own log keys, present and past.</summary>
    /// <param name="named">The did:keys named by hand.</param>
    /// <param name="dataDirectory">The data directory.</param>
    /// <exception cref="InputException">None is named, and the directory has none.</exception>
    public static ImmutableArray<string> Of(IEnumerable<string>? named, string dataDirectory)
    {
        ImmutableArray<string> given = [.. named ?? []];
        if (!given.IsEmpty)
        {
            return given;
        }

        // Looking must not make a folder.
        ImmutableArray<string> own = Directory.Exists(Path.Combine(dataDirectory, "keys"))
            ? [.. new KeyStore(dataDirectory, TimeProvider.System).LoadPublic().AcceptedOf(KeyPurpose.Log, TimeProvider.System.GetUtcNow()).Select(static key => key.PublicKey.Did)]
            : [];
        return own.IsEmpty ? throw new InputException($"{dataDirectory}: no key of the log in `keys`; put the keys in place, or name the log's keys with --trust") : own;
    }
}
