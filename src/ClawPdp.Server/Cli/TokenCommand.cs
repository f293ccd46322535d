using System.CommandLine;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Tokens;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Policies;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.State;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp token inspect|verify</c>: looks at a CST offline.</summary>
internal static class TokenCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create() => new("token", "Look at a CST") { Inspect(), Verify() };

    private static Argument<string> Token() => new("FILE") { Description = "the file with the token, or - for standard input" };

    private static Command Inspect()
    {
        var token = Token();
        var json = CommonOptions.Json();
        var command = new Command("inspect", "Show what a token says, without believing it") { token, json };
        command.SetAction(parsed =>
        {
            var envelope = CstEnvelope.Parse(Input.ReadToken(parsed.GetValue(token) ?? "", token.Name), out var failure) ?? throw new InputException($"{token.Name}: not a CST ({failure})");
            var claims = envelope.ReadClaims(out failure, out var field) ?? throw new InputException($"{token.Name}: the claim `{field}` is not acceptable ({failure})");
            Print(envelope, claims, parsed.GetValue(json));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Verify()
    {
        var token = Token();
        var json = CommonOptions.Json();
        var jwks = new Option<string>("--jwks") { Description = "the key set, as GET /v1/jwks gives it", HelpName = "FILE", Required = true };
        var audience = new Option<string>("--audience") { Description = "the audience that the token must be for", HelpName = "AUD", Required = true };
        var command = new Command("verify", "Verify a token against a key set; revocations are not looked at") { token, jwks, audience, json };
        command.SetAction(parsed => VerifyToken(
            Input.ReadToken(parsed.GetValue(token) ?? "", token.Name),
            JwksFile.Read(parsed.GetValue(jwks) ?? ""),
            parsed.GetValue(audience) ?? "",
            parsed.GetValue(json)));
        return command;
    }

    private static int VerifyToken(string token, KeySet keys, string audience, bool isJson)
    {
        var state = new EngineState { Epoch = 1, Keys = keys, Policies = PolicyTable.Empty, PolicyRequired = false, Audiences = [audience] };
        var engine = new DecisionEngine(new EngineStateStore(state), new RevocationView(), new UncheckedLineages());
        var verification = engine.Inspect(token, TimeProvider.System.GetUtcNow());
        var isValid = verification.Reason == ReasonCode.Allowed && verification.Token is not null;
        if (isJson)
        {
            Output.Json(new JsonObjectBuilder()
                .Add("valid", JsonValue.Of(isValid))
                .Add("reason_code", ReasonCatalog.NameOf(verification.Reason))
                .Add("message", verification.Message)
                .Add("token_hash", Sha256.Hex(token))
                .Build());
        }
        else
        {
            Output.Coloured(isValid ? "valid" : $"not valid: {ReasonCatalog.NameOf(verification.Reason)}: {verification.Message}", isValid ? "green" : "red");
        }

        return isValid ? ExitCodes.Ok : ExitCodes.BadVerdict;
    }

    private static void Print(CstEnvelope envelope, CstClaims claims, bool isJson)
    {
        var computed = TokenScopeHash.Compute(claims);
        if (isJson)
        {
            Output.Json(new JsonObjectBuilder()
                .Add("token_hash", envelope.TokenHash)
                .AddIfPresent("kid", envelope.KeyId)
                .Add("claims", claims.ToJson())
                .Add("computed_scope_hash_b64u", computed)
                .Build());
            return;
        }

        Output.Pairs(
        [
            ("token hash", envelope.TokenHash),
            ("kid", envelope.KeyId ?? ""),
            ("subject", claims.Subject),
            ("audience", string.Join(", ", claims.Audience)),
            ("scope", string.Join(' ', claims.Scope)),
            ("issued", Rfc3339.Format(DateTimeOffset.FromUnixTimeSeconds(claims.IssuedAt))),
            ("expires", Rfc3339.Format(DateTimeOffset.FromUnixTimeSeconds(claims.ExpiresAt))),
            ("policy pin", claims.PolicyHash ?? ""),
            ("owner ref", claims.OwnerRef ?? ""),
            ("mission", claims.MissionId ?? ""),
            ("lane", claims.TokenLane ?? ""),
            ("scope hash", claims.TokenScopeHash ?? ""),
            ("computed scope hash", computed),
        ]);
    }
}
