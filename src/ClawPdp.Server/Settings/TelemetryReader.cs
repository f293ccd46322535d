using System.Collections.Immutable;
using ClawPdp.Core.Json;
using ClawPdp.Server.Http;

namespace ClawPdp.Server.Settings;

/// <summary>Reads the member <c>telemetry</c>.</summary>
internal static class TelemetryReader
{
    private const int UrlLengthMax = 2048;
    private const int IntervalSecondsDefault = 30;

    private static readonly ImmutableArray<string> AllSignals = ["logs", "metrics", "traces"];

    /// <summary>Reads the member; every fault goes to the document's.</summary>
    /// <param name="telemetry">The member; <see langword="null"/> when it is absent.</param>
    /// <param name="baseDirectory">What relative paths start from.</param>
    public static TelemetrySettings Read(JsonCursor? telemetry, string baseDirectory)
    {
        var members = telemetry is not null && telemetry.IsObjectOf("prometheus", "log_format", "otlp") ? telemetry : null;
        return new TelemetrySettings
        {
            ServesMetrics = members?.Optional("prometheus")?.AsBoolean() ?? true,
            LogsJson = ReadFormat(members?.Optional("log_format")),
            Otlp = members?.Optional("otlp") is { Value.Kind: not JsonKind.Null } otlp ? ReadOtlp(otlp, baseDirectory) : null,
        };
    }

    private static bool ReadFormat(JsonCursor? member)
    {
        switch (member?.AsText(16))
        {
            case null or "text":
                return false;
            case "json":
                return true;
            default:
                member.Refuse("unknown log format", "one of text, json");
                return false;
        }
    }

    private static OtlpSettings? ReadOtlp(JsonCursor otlp, string baseDirectory)
    {
        if (!otlp.IsObjectOf("endpoint", "protocol", "headers_file", "interval_seconds", "sample_ratio", "signals"))
        {
            return null;
        }

        var endpoint = ReadEndpoint(otlp.Required("endpoint"));
        var isHttp = ReadProtocol(otlp.Optional("protocol"));
        var headers = SettingsReader.PathOf(otlp.Optional("headers_file"), baseDirectory);
        var interval = otlp.Optional("interval_seconds")?.AsInteger(1, 3600) ?? IntervalSecondsDefault;
        var ratio = ReadRatio(otlp.Optional("sample_ratio"));
        var signals = ReadSignals(otlp.Optional("signals"));
        return endpoint is null ? null : new OtlpSettings
        {
            Endpoint = endpoint,
            IsHttp = isHttp,
            HeadersPath = headers,
            Interval = TimeSpan.FromSeconds(interval),
            SampleRatio = ratio,
            Signals = signals,
        };
    }

    private static Uri? ReadEndpoint(JsonCursor? member)
    {
        if (member?.AsText(UrlLengthMax) is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            member.Refuse("a URL without user, query and fragment is expected", "such as `http://127.0.0.1:4317`");
            return null;
        }

        if (url.Scheme is not "https" && !LoopbackHost.Is(url.Host))
        {
            member.Refuse("a collector that is not on this host is spoken to by `https://`");
            return null;
        }

        return url;
    }

    private static bool ReadProtocol(JsonCursor? member)
    {
        switch (member?.AsText(16))
        {
            case null or "grpc":
                return false;
            case "http/protobuf":
                return true;
            default:
                member.Refuse("unknown protocol", "one of grpc, http/protobuf");
                return false;
        }
    }

    private static double ReadRatio(JsonCursor? member)
    {
        if (member is null)
        {
            return 0;
        }

        if (member.Value is not { Kind: JsonKind.Number, Number: >= 0 and <= 1 })
        {
            member.Refuse("a number from 0 to 1 is expected");
            return 0;
        }

        return member.Value.Number;
    }

    private static ImmutableArray<string> ReadSignals(JsonCursor? list)
    {
        if (list is null)
        {
            return AllSignals;
        }

        var signals = ImmutableArray.CreateBuilder<string>();
        foreach (var item in list.AsArray(AllSignals.Length, 1))
        {
            if (item.AsText(16) is not { } name)
            {
                continue;
            }

            if (!AllSignals.Contains(name, StringComparer.Ordinal) || signals.Contains(name, StringComparer.Ordinal))
            {
                item.Refuse("not a signal, or one that stands twice", "of " + string.Join(", ", AllSignals));
            }

            signals.Add(name);
        }

        return signals.ToImmutable();
    }
}
