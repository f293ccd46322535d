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
using ClawPdp.Server.Reload;
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
        var check = new Command("check", "Check a configuration, its scope mapping, its policy, and whether the key files open with its passphrase") { file, json };
        check.SetAction(parsed => Check(parsed.GetValue(file) ?? "", parsed.GetValue(json)));
        return new Command("config", "Work with configurations") { check };
    }

    /// <summary>Gives the faults of the scope mapping and the policies that settings name, each with its file.</summary>
    internal static List<(string File, Fault Fault)> FaultsOf(ServerSettings settings) =>
        [.. CheckMapping(settings.Issuance).Select(fault => (settings.Issuance.ScopeMappingPath, fault)), .. CheckPolicies(settings)];

    private static int Check(string path, bool isJson)
    {
        var loaded = SettingsLoader.Load(path, Environment.GetEnvironmentVariables());
        var faults = loaded.Faults.Select(fault => (File: path, Fault: fault)).ToList();
        if (loaded.TryGet(out var settings))
        {
            var documents = FaultsOf(settings);
            faults.AddRange(documents);

            // What is wrong with the folder is said once.
            if (!documents.Exists(item => string.Equals(item.File, settings.DataDirectory, StringComparison.Ordinal)) && KeyAccess.FaultOf(settings) is { } locked)
            {
                faults.Add((path, new Fault("/keys", locked)));
            }
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

    // Reads keys that are there and makes none: checking must not change an installation. What a policy inherits from may be held already.
    private static List<(string File, Fault Fault)> CheckPolicies(ServerSettings settings)
    {
        var faults = new List<(string, Fault)>();
        var files = new List<string>();
        ImmutableArray<string> signers = [.. settings.Policy.SignerDids()];
        try
        {
            files.AddRange(settings.Policy.DirectoryPath is { } folder ? PolicyDirectory.FilesOf(folder) : []);
            var keys = Directory.Exists(Path.Combine(settings.DataDirectory, "keys")) ? new KeyStore(settings.DataDirectory, TimeProvider.System).LoadPublic() : new KeyRing([], TimeProvider.System.GetUtcNow());
            signers = [.. signers, .. keys.AcceptedOf(KeyPurpose.Policy, TimeProvider.System.GetUtcNow()).Select(static key => key.PublicKey.Did)];
        }
        catch (UnsafeFileException exception)
        {
            faults.Add((settings.DataDirectory, new Fault("", exception.Message)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            faults.Add((settings.Policy.DirectoryPath ?? settings.DataDirectory, new Fault("", exception is DirectoryNotFoundException ? "there is no such folder" : exception.Message)));
        }

        foreach (var file in files.Concat(settings.Policy.Path is { } path ? [path] : []))
        {
            faults.AddRange(CheckPolicy(file, signers).Select(fault => (file, fault)));
        }

        return faults;
    }

    private static ImmutableArray<Fault> CheckPolicy(string file, ImmutableArray<string> signers)
    {
        try
        {
            var read = PolicyEnvelopeReader.Read(BoundedFile.Read(file, PolicyEnvelopeReader.SizeMaxBytes), signers, TimeProvider.System.GetUtcNow());
            return read.IsValid ? [] : read.Faults;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [new Fault("", "the file cannot be read")];
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
