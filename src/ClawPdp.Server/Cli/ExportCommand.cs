using System.CommandLine;
using System.Text;
using ClawPdp.Audit.Evidence;
using ClawPdp.Crypto.Verification;
using ClawPdp.Files;
using ClawPdp.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp audit export</c>: asks a running sidecar for the evidence of a run.</summary>
internal static class ExportCommand
{
    private const string EvidenceName = "evidence.json";

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var run = new Option<string>("--run") { Description = "the run", HelpName = "ID", Required = true };
        var folder = new Option<string>("--out") { Description = "the folder for the files; made where there is none", HelpName = "DIR", Required = true };
        var server = new SidecarOptions();
        var signed = new Option<string[]>("--signed")
        {
            Description = "proof bundles that the agent signed, in order, where the sidecar does not hold the agent's key",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
        };
        var receipts = new Option<bool>("--receipts") { Description = "write each receipt, and the proof that the log holds it, as files of their own, too" };
        var command = new Command("export", "Write the evidence of a run, and its export bundles, to files") { run, folder, server, signed, receipts };
        command.SetAction((parsed, cancellation) => ExportAsync(
            server.Read(parsed),
            parsed.GetValue(run) ?? "",
            Path.GetFullPath(parsed.GetValue(folder) ?? "."),
            parsed.GetValue(signed) ?? [],
            parsed.GetValue(receipts),
            cancellation));
        return command;
    }

    private static async Task<int> ExportAsync(SidecarAddress server, string runId, string folder, string[] signed, bool withReceipts, CancellationToken cancellation)
    {
        var request = new ExportRunRequest { RunId = runId };
        request.SignedBundles.AddRange(signed.Select(static file => ByteString.CopyFrom(Input.Read(file, ArtifactVerifier.SizeMaxBytes))));
        using var channel = SidecarConnection.Open(server);
        using var call = new AuditService.AuditServiceClient(channel).ExportRun(request, cancellationToken: cancellation);
        using var content = new MemoryStream();
        var hasUnsigned = false;
        byte[]? evidence = null;
        try
        {
            await foreach (var response in call.ResponseStream.ReadAllAsync(cancellation))
            {
                switch (response.PieceCase)
                {
                    case ExportRunResponse.PieceOneofCase.File:
                        evidence = Take(response.File, content, folder) ?? evidence;
                        break;
                    case ExportRunResponse.PieceOneofCase.UnsignedBundle:
                        hasUnsigned = true;
                        Write(folder, $"bundle-{response.UnsignedBundle.Segment}.payload.json", response.UnsignedBundle.PayloadJson.ToByteArray());
                        break;
                    default:
                        throw new InputException($"{runId}: {response.Refusal?.ReasonCode}: {response.Refusal?.Message}");
                }
            }
        }
        catch (RpcException failure)
        {
            throw new InputException($"{server.Server}: {failure.StatusCode}: {failure.Status.Detail}", failure);
        }

        if (withReceipts && evidence is not null)
        {
            WriteReceipts(folder, evidence);
        }

        if (hasUnsigned)
        {
            await Output.ErrorAsync("the agent's key is not held here: let the agent sign these payloads as `proof_bundle` envelopes, and export again with --signed");
        }

        return hasUnsigned ? ExitCodes.BadVerdict : ExitCodes.Ok;
    }

    // Gives the evidence when it is whole.
    private static byte[]? Take(FilePiece piece, MemoryStream content, string folder)
    {
        piece.Content.WriteTo(content);
        if (!piece.IsLast)
        {
            return null;
        }

        var whole = content.ToArray();
        content.SetLength(0);
        Write(folder, piece.Name, whole);
        return piece.Name is EvidenceName ? whole : null;
    }

    private static void WriteReceipts(string folder, byte[] evidence)
    {
        if (!EvidenceReader.Read(evidence).TryGet(out var file))
        {
            throw new InputException($"{EvidenceName}: the sidecar's answer is no evidence file");
        }

        foreach (var receipt in ReceiptWithProof.AllOf(file))
        {
            Write(folder, receipt.ReceiptId + ".json", Encoding.UTF8.GetBytes(receipt.Envelope));
            Write(folder, receipt.ReceiptId + ".tlog-proof", Encoding.UTF8.GetBytes(receipt.Proof));
        }
    }

    // Names come over the wire: only their last part is used, and only below the folder.
    private static void Write(string folder, string name, byte[] content)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, Path.GetFileName(name));
        DurableFile.Write(path, content);
        Output.Line(path);
    }
}
