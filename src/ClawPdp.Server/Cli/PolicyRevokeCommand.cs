using System.CommandLine;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Server.Grpc;
using ClawPdp.V1;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp policy revoke</c>: lets a running sidecar allow nothing any more by what a key signed, or by one policy.</summary>
internal static class PolicyRevokeCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var signer = new Option<string?>("--signer") { Description = "the did:key of the key whose policies are withdrawn", HelpName = "DID" };
        var policy = new Option<string?>("--policy") { Description = "the hash of the policy that is withdrawn", HelpName = "HASH" };
        var reason = new Option<string>("--reason") { Description = $"why, for the record: at most {RequestLimits.ReasonMax} bytes", HelpName = "TEXT" };
        var server = new SidecarOptions();
        var json = CommonOptions.Json();
        var command = new Command("revoke", "Withdraw what a key signed, or one policy, for good") { signer, policy, reason, server, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(signer) is null == result.GetValue(policy) is null)
            {
                result.AddError("one of --signer and --policy is expected");
            }
        });
        command.SetAction((parsed, cancellation) => RevokeAsync(
            server.Read(parsed),
            RequestOf(parsed.GetValue(signer), parsed.GetValue(policy) ?? "", parsed.GetValue(reason) ?? ""),
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static RevokeCstRequest RequestOf(string? signer, string policy, string reason)
    {
        if (signer is null)
        {
            return Base64UrlText.IsSha256(policy)
                ? new RevokeCstRequest { PolicyHashB64U = policy, Reason = reason }
                : throw new InputException($"--policy: `{policy}` is no policy hash");
        }

        return Ed25519PublicKey.TryFromDid(signer, out var key)
            ? new RevokeCstRequest { Kid = key.KeyId, Reason = reason }
            : throw new InputException($"--signer: `{signer}` is not the did:key of an Ed25519 key");
    }

    private static async Task<int> RevokeAsync(SidecarAddress server, RevokeCstRequest request, bool isJson, CancellationToken cancellation)
    {
        var response = await SidecarCall.RunAsync(server, async channel =>
            await new TokenService.TokenServiceClient(channel).RevokeCstAsync(request, cancellationToken: cancellation));
        if (response.OutcomeCase != RevokeCstResponse.OutcomeOneofCase.Revocation)
        {
            return await SidecarCall.RefuseAsync(response.Refusal, isJson);
        }

        var revocation = response.Revocation;
        if (isJson)
        {
            Output.Json(new JsonObjectBuilder()
                .Add("revocation_id", revocation.RevocationId)
                .Add("revoked_at", PolicyJson.When(revocation.RevokedAt) ?? "")
                .Add("already_revoked", JsonValue.Of(revocation.Status == RevocationStatus.AlreadyRevoked))
                .AddIfPresent("kid", request.Kid)
                .AddIfPresent("policy_hash_b64u", request.PolicyHashB64U)
                .Build());
            return ExitCodes.Ok;
        }

        Output.Coloured(revocation.Status == RevocationStatus.AlreadyRevoked ? "revoked before" : "revoked", "green");
        Output.Pairs([("kid", request.Kid), ("policy", request.PolicyHashB64U), ("revoked at", PolicyJson.When(revocation.RevokedAt) ?? ""), ("revocation", revocation.RevocationId)]);
        return ExitCodes.Ok;
    }
}
