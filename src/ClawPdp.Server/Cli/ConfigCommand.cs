using System.Collections.Immutable;
using System.CommandLine;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Core.Mappings;
using ClawPdp.Crypto;
using ClawPdp.Files;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Mappings;
using ClawPdp.Server.Policies;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp config check FILE</c>: says everything that is wrong with a configuration, and starts nothing.</summary>
internal static class ConfigCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "the configuration file" };
        var json = CommonOptions.Json();
        var check = new Command("check", "Check a configuration, its scope mapping and its policy") { file, json };
        check.SetAction(parsed => Check(parsed.GetValue(file) ?? "", parsed.GetValue(json)));
        return new Command("config", "Work with configurations") { check };
    }

    private static int Check(string path, bool isJson)
    {
        var loaded = SettingsLoader.Load(path, Environment.GetEnvironmentVariables());
        var faults = loaded.Faults.Select(fault => (File: path, Fault: fault)).ToList();
        if (loaded.TryGet(out var settings))
        {
            var mapping = settings.Issuance.ScopeMappingPath;
            faults.AddRange(CheckMapping(settings.Issuance).Select(fault => (mapping, fault)));
            faults.AddRange(CheckPolicy(settings).Select(fault => (settings.Policy.Path ?? "", fault)));
        }

        if (isJson)
        {
            Output.Json(new JsonObjectBuilder()
                .Add("valid", JsonValue.Of(faults.Count == 0))
                .Add("faults", JsonValue.ArrayOf([.. faults.Select(static item => Write(item.File, item.Fault))]))
                .Build());
        }
        else if (faults.Count == 0)
        {
            Output.Coloured($"{path}: ok", "green");
        }
        else
        {
            foreach (var (file, fault) in faults)
            {
                Console.Error.WriteLine("clawpdp: " + FaultText.Write(file, fault));
            }
        }

        return faults.Count == 0 ? ExitCodes.Ok : ExitCodes.BadConfiguration;
    }

    private static ImmutableArray<Fault> CheckMapping(IssuanceSettings settings)
    {
        try
        {
            var loaded = ScopeMappingLoader.Load(File.ReadAllBytes(settings.ScopeMappingPath), MappingStore.OptionsOf(settings));
            return loaded.IsValid ? [] : loaded.Faults;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [new Fault("", "the file cannot be read")];
        }
    }

    // Reads keys that are there and makes none: checking must not change an installation.
    private static ImmutableArray<Fault> CheckPolicy(ServerSettings settings)
    {
        if (settings.Policy.Path is not { } path)
        {
            return [];
        }

        try
        {
            var now = TimeProvider.System.GetUtcNow();
            var keys = Directory.Exists(Path.Combine(settings.DataDirectory, "keys")) ? new KeyStore(settings.DataDirectory, TimeProvider.System).Load() : new KeyRing([]);
            var own = keys.AcceptedOf(KeyPurpose.Policy, now).Select(static key => key.PublicKey.Did);
            var read = PolicyEnvelopeReader.Read(File.ReadAllBytes(path), [.. settings.Policy.Signers, .. own], now);
            return read.IsValid ? [] : read.Faults;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or UnsafeFileException)
        {
            return [new Fault("", exception is UnsafeFileException ? exception.Message : "the file cannot be read")];
        }
    }

    private static JsonValue Write(string file, Fault fault) => new JsonObjectBuilder()
        .Add("file", file)
        .AddIfPresent("line", fault.Line)
        .Add("pointer", fault.Pointer)
        .Add("message", fault.Message)
        .AddIfPresent("hint", fault.Hint)
        .Build();
}
