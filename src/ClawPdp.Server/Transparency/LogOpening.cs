using System.Collections.Immutable;
using ClawPdp.Crypto;
using ClawPdp.Ledger;
using ClawPdp.Server.Hosting;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Settings;
using ClawPdp.TransparencyLog;

namespace ClawPdp.Server.Transparency;

/// <summary>Opens the installation's log in <c>DATA/log</c>.</summary>
internal static class LogOpening
{
    /// <summary>The folder of the log below the data directory.</summary>
    public const string FolderName = "log";

    /// <summary>The name of the log's name among the ledger's named values.</summary>
    public const string OriginName = "log_origin";

    /// <summary>Opens the log; one that is damaged is opened, too, and its health says so.</summary>
    /// <exception cref="StartFaultException">The settings name another origin than the log was begun with, or the ledger was set back.</exception>
    public static async Task<TransparencyLogStore> OpenAsync(ServerSettings settings, LedgerStore ledger, KeyRingStore keys, TimeProvider time, ILogger logger)
    {
        var log = TransparencyLogStore.Open(
            new LogSettings
            {
                DirectoryPath = Path.Combine(settings.DataDirectory, FolderName),
                Origin = await OriginOfAsync(settings, ledger, keys),
                Signer = () => keys.Current.SignerOf(KeyPurpose.Log),
                AcceptedDids = () => DidsOf(keys, time),
            },
            new LedgerSignedHeads(ledger),
            time);
        if (log.IsLedgerSetBack)
        {
            // What was revoked since then would be honoured again.
            throw new StartFaultException(
            [
                $"{settings.DataDirectory}: the transparency log in `{FolderName}` has published more than the ledger knows of: the ledger was set back, and what it acknowledged since then is gone, revocations among it",
                "put the newer ledger back; or move the ledger and the log away, keep both, and run: clawpdp ledger restore (docs/ledger.md)",
            ]);
        }

        if (log.Health.State != LogState.Healthy)
        {
            Log.LogDamaged(logger, log.Health.Message);
        }

        return log;
    }

    private static ImmutableArray<string> DidsOf(KeyRingStore keys, TimeProvider time) =>
        [.. keys.Current.AcceptedOf(KeyPurpose.Log, time.GetUtcNow()).Select(static key => key.PublicKey.Did)];

    // A log has one name for its whole life, whatever becomes of its keys.
    private static async Task<string> OriginOfAsync(ServerSettings settings, LedgerStore ledger, KeyRingStore keys)
    {
        var known = ledger.GetMeta(OriginName);
        if (known is null)
        {
            known = settings.LogOrigin ?? "clawpdp/" + keys.Current.SignerOf(KeyPurpose.Log).PublicKey.KeyId;
            await ledger.SetMetaAsync(OriginName, known);
        }

        return settings.LogOrigin is null || string.Equals(settings.LogOrigin, known, StringComparison.Ordinal)
            ? known
            : throw new StartFaultException([$"/log_origin: the log was begun as `{known}` and keeps that name"]);
    }
}
