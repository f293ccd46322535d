using System.Text;
using ClawPdp.Audit;
using ClawPdp.Audit.Reports;
using ClawPdp.Core.Log;
using ClawPdp.Crypto.Verification;

namespace ClawPdp.Fuzz.Targets;

/// <summary>What an auditor is handed: receipts, envelopes, bundles, notes, proofs and whole evidence files.</summary>
internal static class EvidenceTargets
{
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_767_225_600);

    /// <summary>Gets the parsers, in an order that the seeds rely on.</summary>
    public static Action<byte[]>[] All { get; } = [Artifact, Envelope, Evidence, Note, Proof, Bundle, Entry];

    private static void Artifact(byte[] input) => _ = ArtifactVerifier.Verify(input, [], Now);

    private static void Envelope(byte[] input) => _ = EnvelopeVerifier.Verify(input, [], Now);

    private static void Evidence(byte[] input)
    {
        var report = AuditVerifier.Verify(input, [], Now);
        _ = AuditReportJson.Write(report);
        _ = AuditReportHtml.Write(report);
    }

    private static void Note(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (SignedNote.Parse(text) is { } note)
        {
            _ = Checkpoint.Parse(note.Text);
        }

        if (Checkpoint.Parse(text) is { } checkpoint)
        {
            Must.Hold(Checkpoint.Parse(checkpoint.ToText()) is not null, "a checkpoint that was read is not read again");
        }

        Must.Hold(CheckpointVerifier.Verify(text, [], out _) is null, "a checkpoint is verified by nobody's key");
    }

    private static void Proof(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        _ = TransparencyProof.Parse(text);
        Must.Hold(TransparencyProofVerifier.FindFault(text, Hash, []) is not null, "a proof holds by nobody's key");
    }

    private static void Bundle(byte[] input)
    {
        if (EntryBundle.Read(input) is { } entries)
        {
            Must.Hold(EntryBundle.Write(entries).AsSpan().SequenceEqual(input), "two spellings of one bundle of entries");
        }
    }

    private static void Entry(byte[] input) => _ = LogEntry.Parse(input);
}
