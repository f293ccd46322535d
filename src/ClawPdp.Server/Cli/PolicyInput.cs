using System.CommandLine;
using ClawPdp.Authoring.Sources;
using ClawPdp.Authoring.Testing;
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

    /// <summary>Makes the option for what is inherited from.</summary>
    public static Option<string[]> With() => new("--with")
    {
        Description = "a policy that is inherited from, or a folder of them; may be repeated",
        HelpName = "FILE|DIR",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Reads what may be inherited from. Other files may lie in a folder; what is named must be a policy.</summary>
    /// <exception cref="InputException">A file that is named cannot be read; the message has every fault on a line.</exception>
    public static PolicyShelf LoadShelf(IEnumerable<string> paths)
    {
        var shelf = new PolicyShelf();
        foreach (var path in paths)
        {
            foreach (var policy in Directory.Exists(path) ? ReadFolder(path) : [Load(path)])
            {
                shelf.Add(policy);
            }
        }

        return shelf;
    }

    /// <summary>Reads a policy with what it inherits from.</summary>
    /// <exception cref="InputException">One cannot be read, is no policy, or is missing.</exception>
    public static PolicyChain LoadChain(string path, IEnumerable<string> others) => Resolve(path, Load(path), LoadShelf(others));

    /// <summary>Follows <c>inherits</c>.</summary>
    /// <exception cref="InputException">A policy that is inherited from is not at hand.</exception>
    public static PolicyChain Resolve(string path, WorkPolicyContract policy, PolicyShelf shelf)
    {
        var resolved = shelf.Resolve(policy, out var missing);
        return resolved.IsValid || missing is null
            ? Input.Require(path, resolved)
            : throw new InputException($"{path}: {resolved.Faults[0].Pointer}: {resolved.Faults[0].Message} (name it with --with)");
    }

    /// <summary>Gives the files of a folder that may hold policies.</summary>
    public static IReadOnlyList<string> FilesOf(string folder) =>
    [
        .. Directory.EnumerateFiles(folder)
            .Where(static file => Path.GetExtension(file) is ".json" or ".yaml" or ".yml" && !PolicyTestFiles.IsTestFile(file))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Reads the policies in a folder, and passes over what is none.</summary>
    public static IEnumerable<WorkPolicyContract> ReadFolder(string folder) =>
        FilesOf(folder).Select(static file => SourceFile.ReadPolicy(file, [])).OfType<WorkPolicyContract>();

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
