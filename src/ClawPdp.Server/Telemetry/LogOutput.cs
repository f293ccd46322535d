using ClawPdp.Server.Settings;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace ClawPdp.Server.Telemetry;

/// <summary>Where log lines go, and in which form.</summary>
internal static class LogOutput
{
    private const string TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Sends them to the standard output, and to the collector where one is named.</summary>
    public static void Configure(ILoggingBuilder logging, TelemetrySettings settings)
    {
        // Whoever reads the lines and stands still must not make decisions stand still.
        logging.Services.Configure<ConsoleLoggerOptions>(static console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        if (settings.LogsJson)
        {
            logging.AddJsonConsole(static console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = TimestampFormat;
            });
        }
        else
        {
            logging.AddSimpleConsole(static console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = TimestampFormat + " ";
            });
        }

        if (settings.Otlp is { } otlp && otlp.Signals.Contains("logs", StringComparer.Ordinal))
        {
            Send(logging, otlp);
        }
    }

    private static void Send(ILoggingBuilder logging, OtlpSettings otlp)
    {
        var exporter = new OtlpLogExporter(OtlpOptions.Of(otlp, OtlpOptions.ReadHeaders(otlp.HeadersPath), "logs"));
        logging.AddOpenTelemetry(options =>
        {
            options.SetResourceBuilder(OtlpOptions.Resource());
            options.IncludeFormattedMessage = true;
            options.AddProcessor(new BatchLogRecordExportProcessor(exporter));
        });
    }
}
