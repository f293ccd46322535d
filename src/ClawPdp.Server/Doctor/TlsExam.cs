using ClawPdp.Server.Callers;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Doctor;

/// <summary>Looks at the certificates of listeners with TLS, and at the lists of revoked ones.</summary>
internal static class TlsExam
{
    private const string Check = "certificates";

    /// <summary>Looks.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="now">The instant.</param>
    public static IEnumerable<Finding> Look(ServerSettings settings, DateTimeOffset now) =>
        settings.Listen.All.Select(listener => listener.Tls is { } tls ? Look(listener.Name, tls, now) : null).OfType<Finding>();

    private static Finding Look(string listener, TlsSettings tls, DateTimeOffset now)
    {
        try
        {
            var material = TlsFiles.Read(tls).Create(before: null);
            var end = new DateTimeOffset(material.Server.TargetCertificate.NotAfter.ToUniversalTime());
            if (end <= now)
            {
                return Finding.Wrong(Check, $"the certificate of the listener {listener} is over since {end:u}", $"replace `{tls.CertificatePath}` and its key; they are taken up by themselves");
            }

            return material.Clients?.Revoked?.FindFault(now) is { } wanting
                ? Finding.Wrong(Check, $"the listener {listener}: {wanting}", "replace the files of `client_crl_files` by lists that are not over, one of each authority; they are taken up by themselves")
                : Finding.Ok(Check, $"the listener {listener} has a certificate until {end:u}, and all that it holds clients against");
        }
        catch (Exception exception) when (TlsFiles.FaultOf(tls, exception) is { } fault)
        {
            return Finding.Wrong(Check, $"the listener {listener}: {fault}", "mend the files that `tls` of the listener names; a sidecar that runs goes on with the last good ones, and none starts without");
        }
    }
}
