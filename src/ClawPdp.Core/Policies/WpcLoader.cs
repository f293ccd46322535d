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
        var policy = Read(root);
        if (faults.Count == 0 && JsonWriter.WriteCanonical(payload).Length is var size and > SizeMaxBytes)
        {
            root.Refuse($"the canonical form is {size} bytes long, the limit is {SizeMaxBytes}");
        }

        return policy is not null && faults.Count == 0 ? Result.Valid(policy) : Result.Invalid<WorkPolicyContract>([.. faults]);
    }

    // By the rules of a version that nobody named, every other member could be called wrong.
    private static WorkPolicyContract? Read(JsonCursor root)
    {
        switch (root.Value.FindText("policy_version"))
        {
            case "1":
                return WpcV1Reader.Read(root);
            case "2":
                return WpcV2Reader.Read(root);
            default:
                ReadVersion(root);
                return null;
        }
    }

    private static void ReadVersion(JsonCursor root)
    {
        if (root.Value.Kind != JsonKind.Object)
        {
            root.Refuse("an object is expected");
            return;
        }

        _ = WpcMembers.OneOf(root.Required("policy_version"), ["1", "2"]);
    }
}
