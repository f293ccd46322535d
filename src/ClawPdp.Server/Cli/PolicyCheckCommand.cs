using System.CommandLine;
using ClawPdp.Authoring.Sources;
using ClawPdp.Authoring.Testing;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp policy check</c>: says everything that is wrong with policies.</summary>
internal static class PolicyCheckCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE|DIR") { Description = "policies in JSON or YAML, by themselves or signed, folders of them, or - for standard input", Arity = ArgumentArity.OneOrMore };
        var with = PolicyInput.With();
        var json = CommonOptions.Json();
        var command = new Command("check", "Check policies and print every fault with file, line and place") { files, with, json };
        command.SetAction((parsed, _) => CheckAsync(parsed.GetValue(files) ?? [], parsed.GetValue(with) ?? [], parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> CheckAsync(string[] files, string[] with, bool isJson)
    {
        var faults = new List<FileFault>();
        var library = new PolicyShelf();
        var policies = files.SelectMany(path => Directory.Exists(path) ? FilesOf(path, faults) : [path])
            .Where(static file => !PolicyTestFiles.IsTestFile(file))
            .Distinct(StringComparer.Ordinal)
            .Select(file => (File: file, Policy: PolicyInput.TryLoad(file, faults)))
            .ToList();
        if (policies.Count == 0 && faults.Count == 0)
        {
            throw new InputException("no policy is among the files; `clawpdp policy test` is for test files");
        }

        foreach (var policy in policies.Select(static checkedFile => checkedFile.Policy).Concat(with.SelectMany(path => LoadParents(path, faults))).OfType<WorkPolicyContract>())
        {
            library.Add(policy);
        }

        var notes = policies.ToLookup(static item => item.File, item => item.Policy is null ? null : Resolve(item.File, item.Policy, library, faults), StringComparer.Ordinal);
        if (isJson)
        {
            PrintJson(policies, notes, faults);
        }
        else
        {
            await PrintAsync(policies, notes, faults);
        }

        return faults.Count == 0 ? ExitCodes.Ok : ExitCodes.BadInput;
    }

    private static IEnumerable<WorkPolicyContract?> LoadParents(string path, List<FileFault> faults) =>
        Directory.Exists(path) ? PolicyInput.ReadFolder(path) : (IEnumerable<WorkPolicyContract?>)[PolicyInput.TryLoad(path, faults)];

    private static IReadOnlyList<string> FilesOf(string folder, List<FileFault> faults)
    {
        var files = PolicyInput.FilesOf(folder);
        if (files.Count == 0)
        {
            faults.Add(new FileFault(folder, new Fault("", "the folder holds no policy")));
        }

        return files;
    }

    // Gives a note, or null; a chain that is wrong whatever else is at hand is a fault.
    private static string? Resolve(string file, WorkPolicyContract policy, PolicyShelf library, List<FileFault> faults)
    {
        var resolved = library.Resolve(policy, out var missing);
        if (resolved.IsValid || missing is not null)
        {
            return missing is null ? null : $"inherits from `{missing}`, which is not among the files given: whether it can be in force is not checked";
        }

        var line = policy.Payload.Find("inherits")?.Line;
        faults.AddRange(resolved.Faults.Select(fault => new FileFault(file, fault with { Line = line > 0 ? line : null })));
        return null;
    }

    private static bool HasFaults(string file, List<FileFault> faults) => faults.Exists(found => string.Equals(found.File, file, StringComparison.Ordinal));

    private static async Task PrintAsync(List<(string File, WorkPolicyContract? Policy)> policies, ILookup<string, string?> notes, List<FileFault> faults)
    {
        foreach (var (file, policy) in policies)
        {
            if (policy is not null && !HasFaults(file, faults))
            {
                Output.Coloured($"{file}: ok: `{policy.PolicyId}`, version {policy.FormatVersion}, {policy.PolicyHash}", "green");
            }

            foreach (var note in notes[file].OfType<string>().Distinct(StringComparer.Ordinal))
            {
                Output.Coloured($"{file}: note: {note}", "yellow");
            }
        }

        await PolicyInput.PrintAsync(faults);
    }

    private static void PrintJson(List<(string File, WorkPolicyContract? Policy)> policies, ILookup<string, string?> notes, List<FileFault> faults) =>
        Output.Json(new JsonObjectBuilder()
            .Add("valid", JsonValue.Of(faults.Count == 0))
            .Add("policies", JsonValue.ArrayOf([.. policies.Select(item => new JsonObjectBuilder()
                .Add("file", item.File)
                .Add("valid", JsonValue.Of(item.Policy is not null && !HasFaults(item.File, faults)))
                .AddIfPresent("policy_id", item.Policy?.PolicyId)
                .AddIfPresent("policy_hash_b64u", item.Policy?.PolicyHash)
                .Add("notes", JsonValue.ArrayOf(notes[item.File].OfType<string>().Distinct(StringComparer.Ordinal)))
                .Build())]))
            .Add("faults", JsonValue.ArrayOf([.. faults.Select(PolicyInput.ToJson)]))
            .Build());
}
