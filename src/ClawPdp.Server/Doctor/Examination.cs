using ClawPdp.Server.Cli;
using ClawPdp.Server.Hosting;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Doctor;

/// <summary>Looks at all that a sidecar with a configuration needs. It starts none, and leaves everything as it was.</summary>
internal static class Examination
{
    private const string LockName = "ledger.lock";

    /// <summary>Looks at everything that the settings name.</summary>
    public static async Task<IReadOnlyList<Finding>> RunAsync(ServerSettings settings, TimeProvider time, CancellationToken cancellation)
    {
        var issuers = await Task.WhenAll(settings.Issuers.Select(issuer => IssuerExam.LookAsync(issuer, time, cancellation)));
        var isRunning = IsRunning(settings.DataDirectory);
        return
        [
            .. FilesExam.Look(settings),
            .. KeysExam.Look(settings, time),
            .. LookAtDocuments(settings),
            .. DiskExam.Look(settings, time),
            .. ListenExam.Look(settings, isRunning),
            .. TlsExam.Look(settings, time.GetUtcNow()),
            LookAtDescriptors(settings),
            .. issuers.SelectMany(static findings => findings),
        ];
    }

    private static IEnumerable<Finding> LookAtDocuments(ServerSettings settings)
    {
        var faults = ConfigCommand.FaultsOf(settings);
        return faults.Count == 0
            ? [Finding.Ok("policy", "the scope mapping and the policies are good")]
            : faults.Select(static item => Finding.Wrong("policy", FaultText.Write(item.File, item.Fault with { Hint = null }), item.Fault.Hint ?? "mend the file; the sidecar goes on with the last good one, and does not start without"));
    }

    private static Finding LookAtDescriptors(ServerSettings settings)
    {
        var listeners = new object?[] { settings.Listen.Grpc, settings.Listen.Http, settings.Listen.UnixSocketPath }.Count(static listener => listener is not null);
        var wanted = settings.Limits.ConnectionsMax;
        return DescriptorLimit.Read() is { } descriptors && DescriptorLimit.Bound(wanted, descriptors, listeners) is var bounded && bounded < wanted
            ? Finding.Warn("descriptors", $"a process may open {descriptors} files here: each listener would take {bounded} connections, not {wanted}", "raise the limit (LimitNOFILE= of systemd, ulimit -n), or lower /limits/connections")
            : Finding.Ok("descriptors", $"there are enough file descriptors for {wanted} connections of each listener");
    }

    // Whoever serves from a data directory holds its lock.
    private static bool IsRunning(string data)
    {
        var path = Path.Combine(data, LockName);
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            using var mine = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
