using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Policies;

/// <summary>Reads policies: refused at load, with every fault, or right for ever.</summary>
public static class WpcLoader
{
    /// <summary>The longest policy payload that is read, and the longest canonical form.</summary>
    public const int SizeMaxBytes = 65_536;

    /// <summary>Reads the text of a payload.</summary>
    public static Result<WorkPolicyContract> Load(ReadOnlySpan<byte> utf8)
    {
        var parsed = JsonReader.Parse(utf8, SizeMaxBytes);
        return parsed.TryGet(out var payload) ? Load(payload) : Result.Invalid<WorkPolicyContract>(parsed.Faults);
    }

    /// <summary>Reads a payload.</summary>
    public static Result<WorkPolicyContract> Load(JsonValue payload)
    {
        var faults = new List<Fault>();
        var root = JsonCursor.At(payload, faults);
        WorkPolicyContract policy = payload.FindText("policy_version") is "2" ? WpcV2Reader.Read(root) : WpcV1Reader.Read(root);
        return faults.Count == 0 ? Result.Valid(policy) : Result.Invalid<WorkPolicyContract>([.. faults]);
    }
}
