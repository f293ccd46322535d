using System.CommandLine;
using ClawPdp.Core.Json;
using ClawPdp.Core.Log;
using ClawPdp.Crypto.Verification;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp artifact verify</c>: verifies one signed artefact of any maker, as the public verifier would, offline.</summary>
internal static class ArtifactCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "a receipt, policy, event chain, proof bundle, export bundle or log inclusion proof, or - for standard input" };
        var trust = CommonOptions.Trust();
        var json = CommonOptions.Json();
        var verify = new Command("verify", "Verify one signed artefact; a run with all its questions is for `audit verify`") { file, trust, json };
        verify.SetAction(parsed =>
        {
            var content = Input.Read(parsed.GetValue(file) ?? "", ArtifactVerifier.SizeMaxBytes);
            var verdict = Verify(content, [.. parsed.GetValue(trust) ?? []]);
            Print(verdict, parsed.GetValue(json));
            return verdict.IsValid ? ExitCodes.Ok : ExitCodes.BadVerdict;
        });
        return new Command("artifact", "Work with signed artefacts of any maker") { verify };
    }

    private static ArtifactVerdict Verify(byte[] content, string[] trusted)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (!JsonReader.Parse(content, ArtifactVerifier.SizeMaxBytes).TryGet(out var value) || value.Find("proof_version") is null)
        {
            return ArtifactVerifier.Verify(content, [.. trusted], now);
        }

        var fault = ReceiptInclusionVerifier.FindFault(value, [.. trusted]);
        return new ArtifactVerdict
        {
            IsValid = fault is null,
            Code = fault?.Code ?? "VALID",
            Field = fault?.Field ?? "",
            Message = fault?.Message ?? "",
            Kind = "log_inclusion_proof",
            SignerDid = value.Find("root_signature")?.FindText("signer_did") ?? "",
            Checks = [new VerificationCheck("inclusion", fault is null, fault?.Message ?? $"of {value.FindText("leaf_hash_b64u")}")],
            Findings = [$"it proves that {ReceiptInclusion.DefaultLogId} holds a hash, not which receipt that is"],
        };
    }

    private static void Print(ArtifactVerdict verdict, bool isJson)
    {
        if (isJson)
        {
            Output.Json(new JsonObjectBuilder()
                .Add("valid", JsonValue.Of(verdict.IsValid))
                .Add("code", verdict.Code)
                .AddIfPresent("field", verdict.Field)
                .AddIfPresent("message", verdict.Message)
                .AddIfPresent("kind", verdict.Kind)
                .AddIfPresent("signer_did", verdict.SignerDid)
                .AddIfPresent("proof_tier", verdict.ProofTier)
                .Add("checks", JsonValue.ArrayOf([.. verdict.Checks.Select(static check => new JsonObjectBuilder()
                    .Add("name", check.Name)
                    .Add("passed", JsonValue.Of(check.Passed))
                    .AddIfPresent("detail", check.Detail)
                    .Build())]))
                .Add("findings", JsonValue.ArrayOf(verdict.Findings))
                .Build());
            return;
        }

        foreach (var check in verdict.Checks)
        {
            Output.Coloured($"{(check.Passed ? "ok  " : "FAIL")} {check.Name}{(check.Detail.Length > 0 ? ": " + check.Detail : "")}", check.Passed ? "green" : "red");
        }

        foreach (var finding in verdict.Findings)
        {
            Output.Coloured("note " + finding, "yellow");
        }

        var tier = verdict.ProofTier.Length > 0 ? $", proof tier {verdict.ProofTier}" : "";
        Output.Coloured(
            verdict.IsValid ? $"valid: {verdict.Kind} signed by {verdict.SignerDid}{tier}" : $"not valid: {verdict.Code}: {verdict.Field}: {verdict.Message}",
            verdict.IsValid ? "green" : "red");
    }
}
