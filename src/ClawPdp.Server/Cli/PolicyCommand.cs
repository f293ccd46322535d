using System.CommandLine;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Files;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Policies;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp policy</c>: works on policy files, offline.</summary>
internal static class PolicyCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create() => new("policy", "Work with Work Policy Contracts")
    {
        Hash(),
        Sign(),
        Verify(),
        PolicyCheckCommand.Create(),
        PolicyTestCommand.Create(),
        PolicyLintCommand.Create(),
        PolicyDiffCommand.Create(),
        ExplainCommand.Create(),
        AllowedCommand.Create(),
        PolicyPutCommand.Create(),
        PolicyActivateCommand.Create(),
        PolicyListCommand.Create(),
        PolicyActivationsCommand.Create(),
        PolicyRevokeCommand.Create(),
        PolicyShadowCommand.Create(),
        PolicyReplayCommand.Create(),
    };

    private static Argument<string> PolicyFile(string what) => new("FILE") { Description = what + ", or - for standard input" };

    private static Command Hash()
    {
        var file = PolicyFile("the policy, in JSON or YAML");
        var json = CommonOptions.Json();
        var command = new Command("hash", "Check a policy and print its hash") { file, json };
        command.SetAction(parsed =>
        {
            var policy = PolicyInput.Load(parsed.GetValue(file) ?? "");
            if (parsed.GetValue(json))
            {
                Output.Json(new JsonObjectBuilder().Add("policy_hash_b64u", policy.PolicyHash).Add("policy_id", policy.PolicyId).Build());
            }
            else
            {
                Output.Line(policy.PolicyHash);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Sign()
    {
        var file = PolicyFile("the policy, in JSON or YAML");
        var data = CommonOptions.Data();
        var passphrase = KeyOptions.Passphrase();
        var output = new Option<string>("--out") { Description = "where the signed envelope goes; standard output when absent", HelpName = "FILE" };
        var command = new Command("sign", "Sign a policy with the installation's policy key") { file, passphrase, data, output };
        command.SetAction(parsed =>
        {
            var policy = PolicyInput.Load(parsed.GetValue(file) ?? "");
            using var vault = KeyOptions.VaultOf(parsed.GetValue(passphrase));
            using var key = new KeyStore(Path.GetFullPath(parsed.GetValue(data) ?? "."), TimeProvider.System, vault).OpenActive(KeyPurpose.Policy);
            var envelope = key.SignEnvelope(EnvelopeTypes.WorkPolicyContract, policy.Payload, TimeProvider.System.GetUtcNow());
            if (parsed.GetValue(output) is { } path)
            {
                DurableFile.Write(Path.GetFullPath(path), envelope.Json.Span);
            }
            else
            {
                Output.Line(System.Text.Encoding.UTF8.GetString(envelope.Json.Span));
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Verify()
    {
        var file = PolicyFile("the signed envelope");
        var trust = CommonOptions.Trust();
        var json = CommonOptions.Json();
        var command = new Command("verify", "Verify a signed policy") { file, trust, json };
        command.SetAction(parsed =>
        {
            var read = PolicyEnvelopeReader.Read(Input.Read(parsed.GetValue(file) ?? ""), [.. parsed.GetValue(trust) ?? []], TimeProvider.System.GetUtcNow());
            var message = read.IsValid ? "" : read.Faults[0].Message;
            if (parsed.GetValue(json))
            {
                Output.Json(new JsonObjectBuilder()
                    .Add("valid", JsonValue.Of(read.IsValid))
                    .AddIfPresent("policy_hash_b64u", read.TryGet(out var signed) ? signed.Policy.PolicyHash : null)
                    .AddIfPresent("message", message)
                    .Build());
            }
            else
            {
                Output.Coloured(read.IsValid ? $"valid: {read.Value.Policy.PolicyHash}" : "not valid: " + message, read.IsValid ? "green" : "red");
            }

            return read.IsValid ? ExitCodes.Ok : ExitCodes.BadVerdict;
        });
        return command;
    }
}
