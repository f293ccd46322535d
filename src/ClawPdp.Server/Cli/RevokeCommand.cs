using System.CommandLine;
using System.Globalization;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Server.Grpc;
using ClawPdp.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp revoke</c>: revokes one token, or every token of a kind, at a running sidecar.</summary>
internal static class RevokeCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        (Option<string?> Option, Func<string, RevokeCstRequest> Read)[] targets =
        [
            (Target("--token", "FILE", "one token: the file with its text, or - for standard input"), static value => new RevokeCstRequest { Token = Input.ReadToken(value, "--token") }),
            (Target("--token-hash", "HEX", "one token, by the SHA-256 of its text"), static value => new RevokeCstRequest { TokenHash = value }),
            (Target("--jti", "JTI", "one token, by its jti"), static value => new RevokeCstRequest { Jti = value }),
            (Target("--subject", "DID", "every token of an agent"), static value => new RevokeCstRequest { Subject = value }),
            (Target("--owner", "REF", "every token with an owner_ref (a user with certain groups) or owner_did"), static value => new RevokeCstRequest { OwnerRef = value }),
            (Target("--kid", "KID", "every token and policy that a key signed; of a key of receipts, what it signs from now on"), static value => new RevokeCstRequest { Kid = value }),
            (Target("--policy", "HASH", "every token pinned to a policy, and the policy itself"), static value => new RevokeCstRequest { PolicyHashB64U = value }),
            (Target("--mission", "ID", "every token of a mission"), static value => new RevokeCstRequest { MissionId = value }),
            (Target("--issued-before", "TIME", "every token issued before an instant (RFC 3339), or `now`"), ReadInstant),
        ];
        var reason = new Option<string>("--reason") { Description = $"why, for the record: at most {RequestLimits.ReasonMax} bytes", HelpName = "TEXT" };
        var server = new SidecarOptions();
        var json = CommonOptions.Json();
        var command = new Command("revoke", "Revoke a token, or every token of a kind, for good; what descends from it goes with it") { reason, server, json };
        foreach (var (option, _) in targets)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (targets.Count(target => result.GetValue(target.Option) is not null) != 1)
            {
                result.AddError("exactly one of " + string.Join(", ", targets.Select(static target => target.Option.Name)) + " is expected");
            }
        });
        command.SetAction((parsed, cancellation) =>
        {
            var (option, read) = targets.First(target => parsed.GetValue(target.Option) is not null);
            var request = read(parsed.GetValue(option) ?? "");
            request.Reason = parsed.GetValue(reason) ?? "";
            return RevokeAsync(server.Read(parsed), request, parsed.GetValue(json), cancellation);
        });
        return command;
    }

    private static Option<string?> Target(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };

    private static RevokeCstRequest ReadInstant(string text)
    {
        if (text is "now")
        {
            return new RevokeCstRequest { IssuedBefore = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()) };
        }

        return Rfc3339.TryParse(text, out var instant)
            ? new RevokeCstRequest { IssuedBefore = Timestamp.FromDateTimeOffset(instant) }
            : throw new InputException($"--issued-before: `{text}` is no instant such as 2026-01-01T00:00:00Z");
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
        var wasRevoked = revocation.Status == RevocationStatus.AlreadyRevoked;
        if (isJson)
        {
            Output.Json(new JsonObjectBuilder()
                .Add("revocation_id", revocation.RevocationId)
                .Add("revoked_at", PolicyJson.When(revocation.RevokedAt) ?? "")
                .Add("already_revoked", JsonValue.Of(wasRevoked))
                .Add("epoch", revocation.Epoch.ToString(CultureInfo.InvariantCulture))
                .Build());
            return ExitCodes.Ok;
        }

        Output.Coloured(wasRevoked ? "revoked before" : "revoked", "green");
        Output.Pairs([("revoked at", PolicyJson.When(revocation.RevokedAt) ?? ""), ("revocation", revocation.RevocationId)]);
        return ExitCodes.Ok;
    }
}
