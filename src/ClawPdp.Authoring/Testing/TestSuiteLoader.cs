using System.Collections.Immutable;
using ClawPdp.Authoring.Sources;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Testing;

/// <summary>Loads test files with the policies that they name.</summary>
internal sealed class TestSuiteLoader
{
    private const int SizeMaxBytes = 4 << 20;
    private const int CaseCountMax = 10_000;
    private const int PolicyCountMax = 16;

    private readonly ICollection<FileFault> _faults;
    private readonly ICollection<string> _files;

    /// <summary>Initializes a new instance of the <see cref="TestSuiteLoader"/> class.</summary>
    /// <param name="faults">Receives what is wrong.</param>
    /// <param name="files">Receives the files that are read.</param>
    public TestSuiteLoader(ICollection<FileFault> faults, ICollection<string> files)
    {
        _faults = faults;
        _files = files;
    }

    /// <summary>Loads a file.</summary>
    /// <returns>The file; <see langword="null"/> with every fault.</returns>
    public PolicyTestSuite? Load(string path)
    {
        _files.Add(path);
        if (SourceFile.Read(path, SizeMaxBytes, _faults) is not { } content)
        {
            return null;
        }

        var parsed = DocumentSource.Read(path, content, SizeMaxBytes);
        if (!parsed.TryGet(out var document))
        {
            return Refuse(path, parsed.Faults);
        }

        var faults = new List<Fault>();
        var countBefore = _faults.Count;
        var suite = Read(path, JsonCursor.At(document, faults));
        CheckAgainstPolicies(suite, faults);

        // A fault of the defaults is found with every case.
        return faults.Count > 0 ? Refuse(path, [.. faults.Distinct()])
            : _faults.Count > countBefore ? null
            : suite;
    }

    private static void CheckAgainstPolicies(PolicyTestSuite suite, List<Fault> faults)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var known = suite.Targets.SelectMany(static target => target.Chain.Links).SelectMany(static link => link.Statements).Select(static statement => statement.Sid).ToHashSet(StringComparer.Ordinal);
        var usesTime = suite.Targets.Any(static target => target.Chain.UsesTime);
        foreach (var item in suite.Cases)
        {
            if (!names.Add(item.Name))
            {
                faults.Add(new Fault(item.Pointer + "/name", "the name stands twice in the file") { Line = item.Line });
            }

            if (usesTime && !item.StatesInstant)
            {
                faults.Add(new Fault(item.Pointer, "a policy looks at the clock, and the case has no `at`") { Line = item.Line, Hint = "an instant in the case or in `defaults`" });
            }

            // Without policies their faults are what is wrong.
            foreach (var sid in suite.Targets.IsEmpty ? [] : item.Expectation.StatementIds ?? [])
            {
                if (!known.Contains(sid))
                {
                    faults.Add(new Fault(item.Pointer + "/expect/sids", $"no statement of the policy has the sid `{sid}`") { Line = item.Line });
                }
            }
        }
    }

    private PolicyTestSuite? Refuse(string path, ImmutableArray<Fault> faults)
    {
        foreach (var fault in faults)
        {
            _faults.Add(new FileFault(path, fault));
        }

        return null;
    }

    private PolicyTestSuite Read(string path, JsonCursor root)
    {
        _ = root.IsObjectOf("policy", "policies", "parents", "defaults", "cases");
        var directory = Path.GetDirectoryName(path) ?? "";
        var library = new PolicyShelf();
        foreach (var parent in root.Optional("parents")?.AsArray(PolicyCountMax) ?? [])
        {
            if (ReadPolicy(directory, parent) is var (_, policy))
            {
                library.Add(policy);
            }
        }

        var targets = ImmutableArray.CreateBuilder<PolicyTestTarget>();
        foreach (var member in PoliciesOf(root))
        {
            if (ReadPolicy(directory, member) is var (file, policy))
            {
                AddTarget(member, file, policy, library, targets);
            }
        }

        var reader = new TestCaseReader(root.Optional("defaults"), directory, _files);
        var cases = root.Required("cases")?.AsArray(CaseCountMax, 1) ?? [];
        return new PolicyTestSuite(path, targets.ToImmutable(), [.. cases.Select(reader.Read)]);
    }

    private static IReadOnlyList<JsonCursor> PoliciesOf(JsonCursor root)
    {
        var (one, several) = (root.Optional("policy"), root.Optional("policies"));
        if (one is null == several is null)
        {
            root.Refuse("either `policy` or `policies` is expected", "names of files, from this file's folder");
            return [];
        }

        return one is not null ? [one] : several?.AsArray(PolicyCountMax, 1) ?? [];
    }

    private static void AddTarget(JsonCursor member, string file, WorkPolicyContract policy, PolicyShelf library, ImmutableArray<PolicyTestTarget>.Builder targets)
    {
        var resolved = library.Resolve(policy, out var missing);
        if (resolved.TryGet(out var chain))
        {
            targets.Add(new PolicyTestTarget(file, chain));
            return;
        }

        member.Refuse(resolved.Faults[0].Message, missing is null ? null : "name its file in `parents`");
    }

    private (string File, WorkPolicyContract Policy)? ReadPolicy(string directory, JsonCursor member)
    {
        if (TestPath.Read(member, directory, _files) is not { } file)
        {
            return null;
        }

        var faults = new List<FileFault>();
        if (SourceFile.ReadPolicy(file, faults) is { } policy)
        {
            return (file, policy);
        }

        foreach (var fault in faults)
        {
            _faults.Add(fault);
        }

        member.Refuse("the policy is refused", "see the faults of its file");
        return null;
    }
}
