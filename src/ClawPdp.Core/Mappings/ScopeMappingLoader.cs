using System.Collections.Immutable;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Mappings;

/// <summary>Reads the scope-mapping file, a closed format; every fault is reported with its line and pointer.</summary>
public static class ScopeMappingLoader
{
    /// <summary>The longest file that is read.</summary>
    public const int SizeMaxBytes = 1 << 20;

    /// <summary>The most mappings.</summary>
    public const int MappingCountMax = 10_000;

    /// <summary>Reads the file.</summary>
    public static Result<ScopeMappings> Load(ReadOnlySpan<byte> utf8, ScopeMappingOptions options)
    {
        var parsed = JsonReader.Parse(utf8, SizeMaxBytes);
        if (!parsed.TryGet(out var document))
        {
            return Result.Invalid<ScopeMappings>(parsed.Faults);
        }

        var faults = new List<Fault>();
        var root = JsonCursor.At(document, faults);
        _ = root.IsObjectOf("scope_mappings", "policy_pin");
        var reader = new ScopeMappingReader(options, ScopeMappingReader.ReadPin(root.Optional("policy_pin")));
        var mappings = ImmutableArray.CreateBuilder<ScopeMapping>();
        foreach (var item in root.Required("scope_mappings")?.AsArray(MappingCountMax, 1) ?? [])
        {
            if (reader.Read(item) is { } mapping)
            {
                mappings.Add(mapping);
            }
        }

        return faults.Count == 0
            ? Result.Valid(new ScopeMappings(mappings.ToImmutable(), JsonWriter.WriteCanonical(document)))
            : Result.Invalid<ScopeMappings>([.. faults]);
    }
}
