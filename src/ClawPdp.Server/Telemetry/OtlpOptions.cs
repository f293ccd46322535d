using System.Text;
using ClawPdp.Server.Hosting;
using ClawPdp.Server.Reload;
using ClawPdp.Server.Settings;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;

namespace ClawPdp.Server.Telemetry;

/// <summary>Makes the options of the exporters. What the environment says for other programs (OTEL_…) does not hold here.</summary>
internal static class OtlpOptions
{
    private const int HeadersSizeMaxBytes = 16_384;
    private const int TimeoutMilliseconds = 5_000;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Gives who is measured.</summary>
    public static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty().AddService("clawpdp", serviceVersion: ProcessMeter.Version, autoGenerateServiceInstanceId: true);

    /// <summary>Makes the options for a signal.</summary>
    /// <param name="settings">The collector.</param>
    /// <param name="headers">The headers, as <see cref="ReadHeaders"/> gives them.</param>
    /// <param name="signal">Its path under HTTP: <c>metrics</c>, <c>traces</c> or <c>logs</c>.</param>
    public static OtlpExporterOptions Of(OtlpSettings settings, string headers, string signal) => new()
    {
        Protocol = settings.IsHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc,
        Endpoint = settings.IsHttp ? new Uri(settings.Endpoint.AbsoluteUri.TrimEnd('/') + "/v1/" + signal) : settings.Endpoint,
        Headers = headers,
        TimeoutMilliseconds = TimeoutMilliseconds,
    };

    /// <summary>Reads the file with the headers, and gives them in the form of the exporter.</summary>
    /// <exception cref="StartFaultException">The file is open to others, or not lines of a name, a colon and a value.</exception>
    public static string ReadHeaders(string? path)
    {
        if (path is null)
        {
            return "";
        }

        try
        {
            if ((File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
            {
                throw new StartFaultException($"/telemetry/otlp/headers_file: `{path}` is open to others than its owner; run: chmod 600 {path}");
            }

            var lines = Encoding.UTF8.GetString(BoundedFile.Read(path, HeadersSizeMaxBytes)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return string.Join(',', lines.Select(ReadLine));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartFaultException($"/telemetry/otlp/headers_file: the file cannot be read: {failure.Message}", failure);
        }
    }

    private static string ReadLine(string line, int index)
    {
        var end = line.IndexOf(':', StringComparison.Ordinal);
        var name = end > 0 ? line[..end].Trim() : "";
        if (name.Length == 0 || name.AsSpan().ContainsAnyExceptInRange('!', '~') || name.AsSpan().ContainsAny("=,"))
        {
            // The line itself may be a secret.
            throw new StartFaultException($"/telemetry/otlp/headers_file: line {index + 1} is not a name, a colon and a value");
        }

        return name + "=" + Uri.EscapeDataString(line[(end + 1)..].Trim());
    }
}
