using System.Collections;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Settings;

/// <summary>Reads the configuration file, lays the environment over it and checks the whole before anything starts.</summary>
internal static class SettingsLoader
{
    /// <summary>The longest configuration file that is read.</summary>
    public const int SizeMaxBytes = 1 << 20;

    /// <summary>Loads and checks the settings.</summary>
    /// <param name="path">The configuration file.</param>
    /// <param name="environment">The process environment; names that start with <c>CLAWPDP_</c> are ours.</param>
    public static Result<ServerSettings> Load(string path, IDictionary environment)
    {
        byte[] text;
        try
        {
            text = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Result.Invalid<ServerSettings>([new Fault("", "the file cannot be read") { Hint = "name another one with --config FILE" }]);
        }

        var parsed = JsonReader.Parse(text, SizeMaxBytes);
        if (!parsed.TryGet(out var document))
        {
            return Result.Invalid<ServerSettings>(parsed.Faults);
        }

        var faults = new List<Fault>();
        var merged = EnvironmentOverlay.Apply(document, environment, faults);
        var settings = SettingsReader.Read(merged, Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", faults);
        return faults.Count == 0 && settings is not null
            ? Result.Valid(settings)
            : Result.Invalid<ServerSettings>([.. faults]);
    }
}
