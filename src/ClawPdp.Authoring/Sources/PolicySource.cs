using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Sources;

/// <summary>
/// Reads a policy as its author has it: JSON or YAML, by itself or inside a signed envelope, whose signature is not looked at. Both spellings
/// have one hash, that of the canonical JSON.
/// </summary>
public static class PolicySource
{
    /// <summary>The longest file that is read: remarks count for nothing, and the policy's canonical form is bounded by <see cref="WpcLoader.SizeMaxBytes"/>.</summary>
    public const int SizeMaxBytes = 1 << 20;

    /// <summary>Reads a policy.</summary>
    /// <param name="name">The file's name, see <see cref="DocumentSource.Read"/>.</param>
    /// <param name="content">The file's content.</param>
    public static Result<WorkPolicyContract> Read(string name, ReadOnlySpan<byte> content)
    {
        var parsed = DocumentSource.Read(name, content, SizeMaxBytes);
        if (!parsed.TryGet(out var document))
        {
            return Result.Invalid<WorkPolicyContract>(parsed.Faults);
        }

        return document.Find("envelope_version") is null ? ReadPayload(document) : ReadEnvelope(document);
    }

    private static Result<WorkPolicyContract> ReadPayload(JsonValue payload)
    {
        var loaded = WpcLoader.Load(payload);
        return loaded.TryGet(out var policy) && JsonWriter.WriteCanonical(policy.Payload).Length > WpcLoader.SizeMaxBytes
            ? Result.Invalid<WorkPolicyContract>("", $"the policy is longer than {WpcLoader.SizeMaxBytes} bytes in canonical JSON")
            : loaded;
    }

    private static Result<WorkPolicyContract> ReadEnvelope(JsonValue envelope)
    {
        var faults = new List<Fault>();
        var root = JsonCursor.At(envelope, faults);
        if (root.Required("envelope_type") is { } type && type.Value.Text is not EnvelopeTypes.WorkPolicyContract)
        {
            type.Refuse($"a {EnvelopeTypes.WorkPolicyContract} envelope is expected");
        }

        if (root.Required("payload") is not { } payload)
        {
            return Result.Invalid<WorkPolicyContract>([.. faults]);
        }

        var loaded = ReadPayload(payload.Value);
        faults.AddRange(loaded.Faults.Where(_ => !loaded.IsValid).Select(fault => fault with { Pointer = payload.Pointer + fault.Pointer }));
        if (loaded.TryGet(out var policy) && root.Required("payload_hash_b64u") is { } hash && !string.Equals(hash.Value.Text, policy.PolicyHash, StringComparison.Ordinal))
        {
            hash.Refuse($"the hash of the payload is `{policy.PolicyHash}`", "the payload was changed after it was signed");
        }

        return faults.Count == 0 ? loaded : Result.Invalid<WorkPolicyContract>([.. faults]);
    }
}
