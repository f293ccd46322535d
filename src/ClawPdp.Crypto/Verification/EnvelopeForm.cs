using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using ClawPdp.Core.Receipts;

namespace ClawPdp.Crypto.Verification;

/// <summary>The checks that need no key.</summary>
internal static class EnvelopeForm
{
    private const double TokensMax = 10_000_000;
    private const double LatencyMax = 3_600_000;
    private const int CoSignatureCountMax = 16;

    private static readonly ImmutableArray<string> Members =
    [
        "envelope_version", "envelope_type", "payload", "payload_hash_b64u", "hash_algorithm", "signature_b64u", "algorithm", "signer_did", "issued_at",
    ];

    public static EnvelopeFault? CheckMembers(EnvelopeSubject subject)
    {
        foreach (var name in Members)
        {
            var found = subject.Envelope.Find(name);
            if (found is null || found.Kind != (name is "payload" ? JsonKind.Object : JsonKind.String))
            {
                return new EnvelopeFault("MALFORMED_ENVELOPE", name, $"the member `{name}` is missing or of another kind");
            }
        }

        return null;
    }

    public static EnvelopeFault? CheckVersion(EnvelopeSubject subject)
    {
        var version = subject.Text("envelope_version");
        return version is "1" || (version is "2" && subject.Type is EnvelopeTypes.ToolReceipt)
            ? null
            : new EnvelopeFault("UNKNOWN_ENVELOPE_VERSION", "envelope_version", "unknown envelope version");
    }

    public static EnvelopeFault? CheckType(EnvelopeSubject subject) => subject.Type is
        EnvelopeTypes.GatewayReceipt or EnvelopeTypes.ToolReceipt or EnvelopeTypes.SideEffectReceipt or EnvelopeTypes.HumanApprovalReceipt
        or EnvelopeTypes.DelegationReceipt or EnvelopeTypes.WorkPolicyContract or EnvelopeTypes.IssuanceRecord
        ? null
        : new EnvelopeFault("UNKNOWN_ENVELOPE_TYPE", "envelope_type", "unknown envelope type");

    public static EnvelopeFault? CheckAlgorithms(EnvelopeSubject subject)
    {
        if (subject.Text("algorithm") is not "Ed25519")
        {
            return new EnvelopeFault("UNKNOWN_ALGORITHM", "algorithm", "the signature algorithm must be Ed25519");
        }

        return subject.Text("hash_algorithm") is "SHA-256"
            ? null
            : new EnvelopeFault("UNKNOWN_HASH_ALGORITHM", "hash_algorithm", "the hash algorithm must be SHA-256");
    }

    public static EnvelopeFault? CheckSchema(EnvelopeSubject subject)
    {
        var faults = new List<Fault>();
        var root = JsonCursor.At(subject.Envelope, faults);
        var isV2 = subject.Text("envelope_version") is "2";
        ImmutableArray<string> known = isV2 ? [.. Members, "expires_at", "co_signatures"] : [.. Members, "expires_at"];
        _ = root.IsObjectOf(subject.Type is EnvelopeTypes.WorkPolicyContract ? Members.AsSpan() : known.AsSpan());
        CheckInstant(root.Optional("issued_at"));
        CheckInstant(root.Optional("expires_at"));
        CheckCoSignatures(root.Optional("co_signatures"));
        if (faults.Count == 0)
        {
            faults.AddRange(PayloadFaults(subject).Select(static fault => fault with { Pointer = "/payload" + fault.Pointer }));
        }

        if (subject.Type is EnvelopeTypes.ToolReceipt && isV2 != (subject.Payload.FindText("receipt_version") is "2"))
        {
            faults.Add(new Fault("/payload/receipt_version", "not the version of the envelope"));
        }

        return faults.Count == 0
            ? null
            : new EnvelopeFault("SCHEMA_VALIDATION_FAILED", faults[0].Pointer.TrimStart('/').Replace('/', '.'), faults[0].Message);
    }

    /// <summary>Checks that the envelope's own times are times.</summary>
    public static EnvelopeFault? CheckTimes(EnvelopeSubject subject)
    {
        foreach (var name in (ReadOnlySpan<string>)["issued_at", "expires_at"])
        {
            if (subject.Envelope.Find(name) is { } member && !Rfc3339.TryParse(member.Text, out _))
            {
                return new EnvelopeFault("MALFORMED_ENVELOPE", name, "an RFC 3339 date-time is expected");
            }
        }

        return null;
    }

    /// <summary>Checks that the envelope has no member beside the known ones.</summary>
    public static EnvelopeFault? CheckClosed(EnvelopeSubject subject)
    {
        var faults = new List<Fault>();
        _ = JsonCursor.At(subject.Envelope, faults).IsObjectOf([.. Members, "expires_at"]);
        return faults.Count == 0 ? null : new EnvelopeFault("SCHEMA_VALIDATION_FAILED", faults[0].Pointer.TrimStart('/'), faults[0].Message);
    }

    public static EnvelopeFault? CheckEncoding(EnvelopeSubject subject)
    {
        if (!Base64UrlText.IsSha256(subject.PayloadHash))
        {
            return new EnvelopeFault("MALFORMED_ENVELOPE", "payload_hash_b64u", "not 43 canonical base64url characters");
        }

        return Base64UrlText.TryDecode(subject.Text("signature_b64u"), out var signature) && signature.Length == 64
            ? null
            : new EnvelopeFault("MALFORMED_ENVELOPE", "signature_b64u", "not 86 canonical base64url characters");
    }

    public static EnvelopeFault? CheckLimits(EnvelopeSubject subject)
    {
        if (subject.Type is not EnvelopeTypes.GatewayReceipt)
        {
            return null;
        }

        foreach (var (name, max) in new[] { ("tokens_input", TokensMax), ("tokens_output", TokensMax), ("latency_ms", LatencyMax) })
        {
            var number = subject.Payload.Find(name)?.Number ?? -1;
            if (number != Math.Floor(number) || number > max)
            {
                return new EnvelopeFault("MALFORMED_ENVELOPE", "payload." + name, "not a whole number within the limit");
            }
        }

        return null;
    }

    private static ImmutableArray<Fault> PayloadFaults(EnvelopeSubject subject) => subject.Type switch
    {
        EnvelopeTypes.GatewayReceipt => ReceiptSchemas.CheckGateway(subject.Payload),
        EnvelopeTypes.ToolReceipt => ReceiptSchemas.CheckTool(subject.Payload),
        EnvelopeTypes.SideEffectReceipt => ReceiptSchemas.CheckSideEffect(subject.Payload),
        EnvelopeTypes.HumanApprovalReceipt => ReceiptSchemas.CheckHumanApproval(subject.Payload),
        EnvelopeTypes.DelegationReceipt => ReceiptSchemas.CheckDelegation(subject.Payload),
        EnvelopeTypes.WorkPolicyContract => PolicyFaults(subject.Payload),
        _ => subject.Payload.FindText("record_version") is "1" ? [] : [new Fault("/record_version", "`1` is expected")],
    };

    private static ImmutableArray<Fault> PolicyFaults(JsonValue payload)
    {
        var loaded = WpcLoader.Load(payload);
        return loaded.IsValid ? [] : loaded.Faults;
    }

    private static void CheckInstant(JsonCursor? member)
    {
        if (member is not null && (member.Value.Kind != JsonKind.String || !Rfc3339.TryParse(member.Value.Text, out _)))
        {
            member.Refuse("an RFC 3339 date-time is expected");
        }
    }

    private static void CheckCoSignatures(JsonCursor? list)
    {
        foreach (var item in list?.AsArray(CoSignatureCountMax) ?? [])
        {
            if (!item.IsObjectOf("signature_b64u", "algorithm", "signer_did", "issued_at", "role"))
            {
                continue;
            }

            _ = item.Required("signature_b64u")?.AsText(128, 8);
            _ = item.Required("signer_did")?.AsText(256);
            CheckInstant(item.Required("issued_at"));
            if (item.Required("algorithm")?.Value.Text is not "Ed25519" || item.Required("role")?.Value.Text is not ("proxy" or "approver" or "auditor" or "supervisor"))
            {
                item.Refuse("unknown algorithm or role");
            }
        }
    }
}
