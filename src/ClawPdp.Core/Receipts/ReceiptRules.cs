using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Receipts;

/// <summary>What holds for the receipts made here beyond the public schemas: hashes are whole, numbers are within the verifiers' limits.</summary>
internal static class ReceiptRules
{
    /// <summary>The most tokens of one model call that the public verifier takes.</summary>
    public const long TokensMax = 10_000_000;

    /// <summary>The longest model call in milliseconds that the public verifier takes.</summary>
    public const long LatencyMax = 3_600_000;

    /// <summary>Checks the hashes of a payload and of its binding by name, then the public schema.</summary>
    public static Result<JsonValue> Finish(JsonValue payload, ImmutableArray<Fault> schemaFaults, IEnumerable<Fault> furtherFaults)
    {
        var hashFaults = new List<Fault>();
        AddHashFaults(payload, "", hashFaults);
        ImmutableArray<Fault> faults = [.. hashFaults, .. furtherFaults, .. schemaFaults];
        return faults.IsEmpty ? Result.Valid(payload) : Result.Invalid<JsonValue>(faults);
    }

    /// <summary>Finds numbers out of their range.</summary>
    public static IEnumerable<Fault> RangeFaults(string pointer, long value, long max)
    {
        if (value < 0 || value > max)
        {
            yield return new Fault(pointer, $"must be from 0 to {max}");
        }
    }

    private static void AddHashFaults(JsonValue value, string pointer, List<Fault> faults)
    {
        foreach (var member in value.Members)
        {
            var isHash = member.Name.EndsWith("_hash_b64u", StringComparison.Ordinal) || member.Name is "policy_hash";
            if (isHash && !Base64UrlText.IsSha256(member.Value.Text))
            {
                faults.Add(new Fault(JsonPointer.Append(pointer, member.Name), "must be 43 canonical base64url characters"));
            }

            if (!member.Value.Members.IsEmpty)
            {
                AddHashFaults(member.Value, JsonPointer.Append(pointer, member.Name), faults);
            }
        }
    }
}
