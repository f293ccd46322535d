using System.CommandLine;
using ClawPdp.Core.Json;
using ClawPdp.Server.Policies;
using ClawPdp.V1;
using Google.Protobuf;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp policy put FILE</c>: hands a signed policy to a running sidecar, which holds it from then on.</summary>
internal static class PolicyPutCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "the signed envelope, or - for standard input" };
        var server = new SidecarOptions();
        var json = CommonOptions.Json();
        var command = new Command("put", "Hand a signed policy to a running sidecar; it is held, not yet active") { file, server, json };
        command.SetAction((parsed, cancellation) => PutAsync(server.Read(parsed), parsed.GetValue(file) ?? "", parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> PutAsync(SidecarAddress server, string file, bool isJson, CancellationToken cancellation)
    {
        var request = new PutPolicyRequest { EnvelopeJson = ByteString.CopyFrom(Input.Read(file, PolicyEnvelopeReader.SizeMaxBytes)) };
        var response = await SidecarCall.RunAsync(server, async channel =>
            await new PolicyService.PolicyServiceClient(channel).PutPolicyAsync(request, cancellationToken: cancellation));
        if (response.OutcomeCase != PutPolicyResponse.OutcomeOneofCase.Policy)
        {
            return await SidecarCall.RefuseAsync(response.Refusal, isJson);
        }

        if (isJson)
        {
            Output.Json(PolicyJson.Of(response.Policy).Add("existed", JsonValue.Of(response.Existed)).Build());
            return ExitCodes.Ok;
        }

        Output.Coloured(response.Existed ? "held already" : "held", "green");
        Output.Pairs(
        [
            ("policy", response.Policy.PolicyHashB64U),
            ("policy id", response.Policy.PolicyId),
            ("format version", response.Policy.FormatVersion),
            ("signer", response.Policy.SignerDid),
        ]);
        Output.Line($"activate it with: clawpdp policy activate {response.Policy.PolicyHashB64U}");
        return ExitCodes.Ok;
    }
}
