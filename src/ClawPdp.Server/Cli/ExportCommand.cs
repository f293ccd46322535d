using System.CommandLine;
using ClawPdp.Crypto.Verification;
using ClawPdp.Files;
using ClawPdp.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp audit export</c>: asks a running sidecar for the evidence of a run.</summary>
internal static class ExportCommand
{
    private const string ServerDefault = "http://127.0.0.1:7080";

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var run = new Option<string>("--run") { Description = "the run", HelpName = "ID", Required = true };
        var folder = new Option<string>("--out") { Description = "the folder for the files; made where there is none", HelpName = "DIR", Required = true };
        var server = new Option<string>("--server") { Description = "the sidecar's gRPC address", HelpName = "URL", DefaultValueFactory = static _ => ServerDefault };
        var signed = new Option<string[]>("--signed")
        {
            Description = "proof bundles that the agent signed, in order, where the sidecar does not hold the agent's key",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("export", "Write the evidence of a run, and its export bundles, to files") { run, folder, server, signed };
        command.SetAction((parsed, cancellation) => ExportAsync(
            parsed.GetValue(server) ?? ServerDefault,
            parsed.GetValue(run) ?? "",
            Path.GetFullPath(parsed.GetValue(folder) ?? "."),
            parsed.GetValue(signed) ?? [],
            cancellation));
        return command;
    }

    private static async Task<int> ExportAsync(string server, string runId, string folder, string[] signed, CancellationToken cancellation)
    {
        var request = new ExportRunRequest { RunId = runId };
        request.SignedBundles.AddRange(signed.Select(static file => ByteString.CopyFrom(Input.Read(file, ArtifactVerifier.SizeMaxBytes))));
        using var channel = GrpcChannel.ForAddress(server);
        using var call = new AuditService.AuditServiceClient(channel).ExportRun(request, cancellationToken: cancellation);
        using var content = new MemoryStream();
        var hasUnsigned = false;
        try
        {
            await foreach (var response in call.ResponseStream.ReadAllAsync(cancellation))
            {
                switch (response.PieceCase)
                {
                    case ExportRunResponse.PieceOneofCase.File:
                        Take(response.File, content, folder);
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
            throw new InputException($"{server}: {failure.StatusCode}: {failure.Status.Detail}", failure);
        }

        if (hasUnsigned)
        {
            await Console.Error.WriteLineAsync("clawpdp: the agent's key is not held here: let the agent sign these payloads as `proof_bundle` envelopes, and export again with --signed");
        }

        return hasUnsigned ? ExitCodes.BadVerdict : ExitCodes.Ok;
    }

    private static void Take(FilePiece piece, MemoryStream content, string folder)
    {
        piece.Content.WriteTo(content);
        if (piece.IsLast)
        {
            Write(folder, piece.Name, content.ToArray());
            content.SetLength(0);
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
