using ClawPdp.Authoring.Sources;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Cli;

/// <summary>Reads policies that the command line names: JSON or YAML, by themselves or in a signed envelope.</summary>
internal static class PolicyInput
{
    /// <summary>Reads a policy.</summary>
    /// <exception cref="InputException">It cannot be read; the message has every fault on a line.</exception>
    public static WorkPolicyContract Load(string path) => Input.Require(path, PolicySource.Read(path, Input.Read(path, PolicySource.SizeMaxBytes)));

    /// <summary>Reads a policy.</summary>
    /// <returns>The policy; <see langword="null"/> with every fault.</returns>
    public static WorkPolicyContract? TryLoad(string path, ICollection<FileFault> faults)
    {
        if (path is not DocumentSource.StandardInput)
        {
            return SourceFile.ReadPolicy(path, faults);
        }

        var read = PolicySource.Read(path, Input.Read(path, PolicySource.SizeMaxBytes));
        foreach (var fault in read.IsValid ? [] : read.Faults)
        {
            faults.Add(new FileFault(path, fault));
        }

        return read.TryGet(out var policy) ? policy : null;
    }

    /// <summary>Writes faults to standard error, a line each.</summary>
    public static async Task PrintAsync(IEnumerable<FileFault> faults)
    {
        foreach (var (file, fault) in faults)
        {
            await Output.ErrorAsync(FaultText.Write(file, fault));
        }
    }

    /// <summary>Gives a fault as JSON.</summary>
    public static JsonValue ToJson(FileFault found) => new JsonObjectBuilder()
        .Add("file", found.File)
        .AddIfPresent("line", found.Fault.Line)
        .Add("pointer", found.Fault.Pointer)
        .Add("message", found.Fault.Message)
        .AddIfPresent("hint", found.Fault.Hint)
        .Build();
}
