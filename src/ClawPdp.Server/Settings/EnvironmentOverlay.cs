using System.Collections;
using System.Collections.Immutable;
using ClawPdp.Client;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Server.Cli;
using ClawPdp.Server.Doors;
using ClawPdp.Server.Keys;

namespace ClawPdp.Server.Settings;

/// <summary>Lays environment variables over the configuration file: <c>CLAWPDP_LISTEN_GRPC</c> replaces <c>/listen/grpc</c>.</summary>
internal static class EnvironmentOverlay
{
    /// <summary>The variable with the path of the configuration file; it is not itself a setting.</summary>
    public const string ConfigPathVariable = "CLAWPDP_CONFIG";

    private const string Prefix = "CLAWPDP_";

    private static readonly ImmutableDictionary<string, string[]> Paths = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["CLAWPDP_DATA_DIRECTORY"] = ["data_directory"],
        ["CLAWPDP_GATEWAY_ID"] = ["gateway_id"],
        ["CLAWPDP_LISTEN_ADMIN_SOCKET"] = ["listen", "admin_socket"],
        [PassphraseFile.Variable] = ["keys", "passphrase_file"],
        ["CLAWPDP_LISTEN_GRPC"] = ["listen", "grpc"],
        ["CLAWPDP_LISTEN_HTTP"] = ["listen", "http"],
        ["CLAWPDP_LISTEN_UNIX_SOCKET"] = ["listen", "unix_socket"],
        ["CLAWPDP_LOG_FORMAT"] = ["telemetry", "log_format"],
        ["CLAWPDP_LOG_LEVEL"] = ["log_level"],
        ["CLAWPDP_OTLP_ENDPOINT"] = ["telemetry", "otlp", "endpoint"],
        ["CLAWPDP_POLICY_FILE"] = ["policy", "file"],
        ["CLAWPDP_SCOPE_MAPPING_FILE"] = ["issuance", "scope_mapping_file"],
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>Gives the document with each known variable in its place; an unknown one is a fault, since it was meant for something.</summary>
    public static JsonValue Apply(JsonValue document, IDictionary environment, ICollection<Fault> faults)
    {
        var names = environment.Keys.OfType<string>().Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal));
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            if (name is ConfigPathVariable or ClawPdpClientOptions.AddressVariable or AgentOptions.TokenFileVariable or AgentOptions.HolderKeyVariable || SidecarAddress.Variables.Contains(name, StringComparer.Ordinal) || IsInjected(name))
            {
                continue;
            }

            if (!Paths.TryGetValue(name, out var path))
            {
                faults.Add(new Fault("", $"unknown environment variable `{name}`") { Hint = "known: " + string.Join(", ", Paths.Keys.Order(StringComparer.Ordinal)) });
                continue;
            }

            document = Replace(document, path, JsonValue.Of(environment[name] as string ?? ""));
        }

        return document;
    }

    // Kubernetes gives every container such variables for a Service that is called clawpdp.
    private static bool IsInjected(string name) =>
        name.StartsWith("CLAWPDP_SERVICE_", StringComparison.Ordinal) || name.StartsWith("CLAWPDP_PORT", StringComparison.Ordinal);

    private static JsonValue Replace(JsonValue parent, ReadOnlySpan<string> path, JsonValue value)
    {
        var step = path[0];
        var child = path.Length == 1 ? value : Replace(parent.Find(step) ?? JsonValue.ObjectOf([]), path[1..], value);
        var members = parent.Members.Where(member => !string.Equals(member.Name, step, StringComparison.Ordinal));
        return JsonValue.ObjectOf([.. members, new JsonMember(step, child)]);
    }
}
