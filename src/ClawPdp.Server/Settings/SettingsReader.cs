using System.Collections.Immutable;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Identifiers;
using ClawPdp.Core.Json;
using ClawPdp.Core.Tokens;
using ClawPdp.Server.Doors;

namespace ClawPdp.Server.Settings;

/// <summary>Turns the configuration document into settings, reporting every fault with its pointer.</summary>
internal static class SettingsReader
{
    /// <summary>Where gRPC listens when the file says nothing.</summary>
    public const string GrpcDefault = "127.0.0.1:7080";

    /// <summary>Where HTTP listens when the file says nothing.</summary>
    public const string HttpDefault = "127.0.0.1:7081";

    private const int HolderModeLengthMax = 32;
    private const int OriginLengthMax = 255;
    private const int PathLengthMax = 4096;
    private const int AudienceCountMax = 16;
    private const int AudienceLengthMax = 256;
    private const int AgentCountMax = 10_000;

    /// <summary>Reads the document.</summary>
    /// <param name="document">The configuration with the environment laid over it.</param>
    /// <param name="baseDirectory">What relative paths start from: the directory of the configuration file.</param>
    /// <param name="faults">Receives every fault.</param>
    /// <returns>The settings; <see langword="null"/> or meaningless when a fault was added.</returns>
    public static ServerSettings? Read(JsonValue document, string baseDirectory, ICollection<Fault> faults)
    {
        var root = JsonCursor.At(document, faults);
        if (!root.IsObjectOf("data_directory", "listen", "audiences", "issuers", "issuance", "policy", "gateway_id", "decision_log", "log_origin", "limits", "keys", "doors", "telemetry", "shutdown_seconds", "reload_interval_seconds", "log_level"))
        {
            return null;
        }

        var dataDirectory = PathOf(root.Required("data_directory"), baseDirectory);
        var audiences = Texts(root.Required("audiences"), AudienceCountMax, AudienceLengthMax, countMin: 1);
        var issuance = ReadIssuance(root.Required("issuance"), baseDirectory, audiences);
        return new ServerSettings
        {
            DataDirectory = dataDirectory ?? "",
            Listen = ListenReader.Read(root.Optional("listen"), baseDirectory, dataDirectory),
            Audiences = audiences,
            Issuers = IssuersReader.Read(root.Required("issuers")),
            Issuance = issuance,
            Policy = PolicySettingsReader.Read(root.Optional("policy"), baseDirectory, issuance.Agents),
            GatewayId = ReadDid(root.Optional("gateway_id")),
            DecisionLog = ReadDecisionLog(root.Optional("decision_log")),
            LogOrigin = ReadOrigin(root.Optional("log_origin")),
            Limits = LimitsReader.Read(root.Optional("limits")),
            Keys = KeySettingsReader.Read(root.Optional("keys"), baseDirectory, issuance.LifetimeMaxSeconds),
            Doors = AllDoors.Read(root.Optional("doors"), baseDirectory),
            Telemetry = TelemetryReader.Read(root.Optional("telemetry"), baseDirectory),
            ShutdownTimeout = TimeSpan.FromSeconds(root.Optional("shutdown_seconds")?.AsInteger(1, 600) ?? 10),
            ReloadInterval = TimeSpan.FromSeconds(root.Optional("reload_interval_seconds")?.AsInteger(1, 3600) ?? 2),
            LogLevel = ReadLogLevel(root.Optional("log_level")),
        };
    }

    /// <summary>Gives the full path that a member names; <see langword="null"/> when it is absent or faulty.</summary>
    public static string? PathOf(JsonCursor? member, string baseDirectory)
    {
        var text = member?.AsText(PathLengthMax);
        if (text is not null && text.Contains('\0', StringComparison.Ordinal))
        {
            member?.Refuse("a path has no zero character");
            return null;
        }

        return text is null ? null : Path.GetFullPath(text, baseDirectory);
    }

    private static IssuanceSettings ReadIssuance(JsonCursor? issuance, string baseDirectory, ImmutableArray<string> audiences)
    {
        var members = issuance is not null && issuance.IsObjectOf(
            "scope_mapping_file", "allow_wildcards", "allow_control_scopes", "ttl_max_seconds", "ttl_default_seconds", "delegation_depth_max", "agents", "audiences", "holder") ? issuance : null;
        var lifetimeMax = ReadLifetime(members?.Optional("ttl_max_seconds"), IssuanceSettings.LifetimeLimitSeconds, CstLimits.TtlMaxSeconds);
        var allowed = members?.Optional("audiences") is { } listed ? Texts(listed, AudienceCountMax, AudienceLengthMax, countMin: 1) : audiences;
        return new IssuanceSettings
        {
            ScopeMappingPath = PathOf(members?.Required("scope_mapping_file"), baseDirectory) ?? "",
            AllowWildcards = IsSet(members?.Optional("allow_wildcards")),
            AllowControlScopes = IsSet(members?.Optional("allow_control_scopes")),
            LifetimeMaxSeconds = lifetimeMax,
            LifetimeDefaultSeconds = ReadLifetime(members?.Optional("ttl_default_seconds"), lifetimeMax, Math.Min(CstLimits.TtlDefaultSeconds, lifetimeMax)),
            DelegationDepthMax = ReadDepth(members?.Optional("delegation_depth_max")),
            Holder = ReadHolder(members?.Optional("holder")),
            Agents = Dids(members?.Optional("agents"), AgentCountMax, countMin: 1),
            Audiences = allowed,
        };
    }

    private static bool IsSet(JsonCursor? member) => member?.AsBoolean() ?? false;

    private static HolderMode ReadHolder(JsonCursor? member)
    {
        switch (member?.AsText(HolderModeLengthMax))
        {
            case null or "optional":
                return HolderMode.Optional;
            case "required":
                return HolderMode.Required;
            case "agent_key":
                return HolderMode.AgentKey;
            default:
                member.Refuse("unknown mode", "optional, required or agent_key");
                return HolderMode.Optional;
        }
    }

    private static int ReadDepth(JsonCursor? member) => (int)(member?.AsInteger(0, IssuanceSettings.DelegationDepthLimit) ?? IssuanceSettings.DelegationDepthDefault);

    private static int ReadLifetime(JsonCursor? member, int max, int fallback) => (int)(member?.AsInteger(1, max) ?? fallback);

    private static string? ReadDid(JsonCursor? member)
    {
        var text = member?.AsText(Did.LengthMax);
        if (member is not null && text is not null && !Did.IsValid(text))
        {
            member.Refuse("a DID is expected", "such as `did:web:pdp.example.com`");
        }

        return text;
    }

    private static DecisionLogMode ReadDecisionLog(JsonCursor? member)
    {
        switch (member?.AsText(16))
        {
            case null or "asynchronous":
                return DecisionLogMode.Asynchronous;
            case "durable":
                return DecisionLogMode.Durable;
            default:
                member.Refuse("unknown mode", "one of asynchronous, durable");
                return DecisionLogMode.Durable;
        }
    }

    // The name of a signed note's key: no white space and no plus sign (c2sp.org/signed-note).
    private static string? ReadOrigin(JsonCursor? member)
    {
        var text = member?.AsText(OriginLengthMax);
        if (member is not null && text is not null && text.Any(static unit => unit is '+' || char.IsWhiteSpace(unit) || char.IsControl(unit)))
        {
            member.Refuse("an origin has no white space and no `+`", "such as `log.example.com/clawpdp`");
        }

        return text;
    }

    private static LogLevel ReadLogLevel(JsonCursor? member)
    {
        switch (member?.AsText(16))
        {
            case null or "information":
                return LogLevel.Information;
            case "debug":
                return LogLevel.Debug;
            case "warning":
                return LogLevel.Warning;
            case "error":
                return LogLevel.Error;
            default:
                member.Refuse("unknown log level", "one of debug, information, warning, error");
                return LogLevel.Information;
        }
    }

    private static ImmutableArray<string> Dids(JsonCursor? list, int countMax, int countMin)
    {
        var dids = Texts(list, countMax, Did.LengthMax, countMin);
        foreach (var did in dids)
        {
            if (!Did.IsValid(did))
            {
                list?.Refuse($"`{did}` is not a DID");
            }
        }

        return dids;
    }

    private static ImmutableArray<string> Texts(JsonCursor? list, int countMax, int lengthMax, int countMin)
    {
        if (list is null)
        {
            return [];
        }

        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var item in list.AsArray(countMax, countMin))
        {
            var text = item.AsText(lengthMax);
            if (text is null)
            {
                continue;
            }

            if (texts.Contains(text, StringComparer.Ordinal))
            {
                item.Refuse("the entry stands twice");
            }
            else if (text.AsSpan().Trim().Length != text.Length)
            {
                item.Refuse("the entry has white space at an end");
            }

            texts.Add(text);
        }

        return texts.ToImmutable();
    }
}
