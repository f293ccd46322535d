using System.CommandLine;
using System.Text;
using ClawPdp.Audit;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Crypto.Verification;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp receipt verify</c>: verifies a signed receipt, offline.</summary>
internal static class ReceiptCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "the signed envelope, or - for standard input" };
        var trust = CommonOptions.Trust();
        var proof = new Option<string?>("--proof")
        {
            Description = "a .tlog-proof file: the receipt must be in the log that a trusted key signed",
            HelpName = "FILE",
        };
        var distrust = new Option<string[]>("--distrust")
        {
            Description = "a key of receipts (its kid or did:key) that was stolen: what it signed counts with --proof alone; may be repeated",
            HelpName = "KEY",
            AllowMultipleArgumentsPerToken = true,
        };
        var json = CommonOptions.Json();
        var verify = new Command("verify", "Verify a signed receipt") { file, trust, proof, distrust, json };
        verify.SetAction(parsed =>
        {
            var trusted = parsed.GetValue(trust) ?? [];
            List<DistrustedKey> distrusted = [.. (parsed.GetValue(distrust) ?? []).Select(ReadDistrusted)];
            var result = EnvelopeVerifier.Verify(Input.Read(parsed.GetValue(file) ?? ""), [.. trusted], TimeProvider.System.GetUtcNow());
            if (result.IsValid && parsed.GetValue(proof) is { } path)
            {
                result = WithProof(result, Encoding.UTF8.GetString(Input.Read(path, TransparencyProofVerifier.SizeMaxBytes)), trusted);
            }

            else if (result.IsValid)
            {
                result = WithoutProof(result, distrusted);
            }

            Print(result, parsed.GetValue(json));
            return result.IsValid ? ExitCodes.Ok : ExitCodes.BadVerdict;
        });
        return new Command("receipt", "Work with receipts") { verify };
    }

    // Whoever stole the key writes whatever time he likes into a receipt, so a time is no ground to believe one; and he can put none into the log.
    private static DistrustedKey ReadDistrusted(string text) =>
        DistrustedKey.Read(text) is { Since: null } key ? key : throw new InputException($"--distrust: `{text}` is no key: a kid of 16 hexadecimal digits or a did:key");

    private static VerificationResult WithoutProof(VerificationResult result, List<DistrustedKey> distrusted)
    {
        if (!Ed25519PublicKey.TryFromDid(result.SignerDid, out var signer) || !distrusted.Exists(key => string.Equals(key.KeyId, signer.KeyId, StringComparison.Ordinal)))
        {
            return result;
        }

        var message = $"the key {signer.KeyId} is not believed without a proof from the log: --proof FILE";
        return result with
        {
            IsValid = false,
            Code = "SIGNER_DISTRUSTED",
            Field = "signer_did",
            Message = message,
            Checks = result.Checks.Add(new VerificationCheck("transparency_log", Passed: false, message)),
        };
    }

    private static VerificationResult WithProof(VerificationResult result, string proof, string[] trusted)
    {
        const string Name = "transparency_log";
        return TransparencyProofVerifier.FindFault(proof, result.PayloadHash, [.. trusted]) is { } fault
            ? result with
            {
                IsValid = false,
                Code = fault.Code,
                Field = fault.Field,
                Message = fault.Message,
                Checks = result.Checks.Add(new VerificationCheck(Name, Passed: false, fault.Message)),
            }
            : result with { Checks = result.Checks.Add(new VerificationCheck(Name, Passed: true, "the log holds it")) };
    }

    private static void Print(VerificationResult result, bool isJson)
    {
        if (isJson)
        {
            Output.Json(new JsonObjectBuilder()
                .Add("valid", JsonValue.Of(result.IsValid))
                .Add("code", result.Code)
                .AddIfPresent("field", result.Field)
                .AddIfPresent("message", result.Message)
                .AddIfPresent("envelope_type", result.EnvelopeType)
                .AddIfPresent("receipt_id", result.ReceiptId)
                .AddIfPresent("signer_did", result.SignerDid)
                .Add("checks", JsonValue.ArrayOf([.. result.Checks.Select(static check => new JsonObjectBuilder()
                    .Add("name", check.Name)
                    .Add("passed", JsonValue.Of(check.Passed))
                    .AddIfPresent("detail", check.Detail)
                    .Build())]))
                .Build());
            return;
        }

        foreach (var check in result.Checks)
        {
            Output.Coloured($"{(check.Passed ? "ok  " : "FAIL")} {check.Name}{(check.Detail.Length > 0 ? ": " + check.Detail : "")}", check.Passed ? "green" : "red");
        }

        Output.Coloured(
            result.IsValid ? $"valid: {result.EnvelopeType} {result.ReceiptId} signed by {result.SignerDid}" : $"not valid: {result.Code}: {result.Message}",
            result.IsValid ? "green" : "red");
    }
}
