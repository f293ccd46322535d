using ClawPdp.Server.Cli;

namespace ClawPdp.Server.Demo;

/// <summary>Prints what other clients can try while the demo stays up.</summary>
internal static class DemoInvitation
{
    /// <summary>Prints ready-to-paste commands.</summary>
    public static void Print(string issuer, string grpcAddress, string httpAddress, DemoInstallation installation, string receiptSigner)
    {
        var target = grpcAddress.Replace("http://", "", StringComparison.Ordinal);
        var token = Path.Combine(installation.Directory, "alice.cst");
        Output.Line("");
        Output.Coloured("The sidecar stays up. Try, from the repository's root:", "bold");
        Output.Line("");
        Output.Line("  # the keys that verify tokens");
        Output.Line($"  curl -s {httpAddress}/v1/jwks");
        Output.Line("");
        Output.Line("  # an ID token for alice, bob, carol or dave");
        Output.Line($"  curl -s {issuer}/token -d grant_type=password -d client_id={DemoIdentityProvider.ClientId} -d username=bob");
        Output.Line("");
        Output.Line("  # a decision, with any gRPC client; printf is the shell's own, so that no list of processes shows the token");
        Output.Line($"  printf '{{\"cst\":\"%s\",\"tool\":\"github\"}}' \"$(cat {token})\" |");
        Output.Line($"    buf curl --schema protos --protocol grpc --http2-prior-knowledge -d @- {grpcAddress}/clawpdp.v1.DecisionService/Authorize");
        Output.Line($"  printf '{{\"cst\":\"%s\",\"tool\":\"github\"}}' \"$(cat {token})\" |");
        Output.Line($"    grpcurl -plaintext -import-path protos -proto clawpdp/v1/decision_service.proto -d @ {target} clawpdp.v1.DecisionService/Authorize");
        Output.Line("");
        Output.Line("  # how long a decision takes, through the socket; docs/bench.md says what to make of it");
        Output.Line($"  dotnet run -c Release --project src/ClawPdp.Server -- bench run --server {grpcAddress} --tokens {token} --tool github");
        Output.Line("");
        Output.Line("  # a receipt, verified offline");
        Output.Line($"  dotnet run -c Release --project src/ClawPdp.Server -- receipt verify {Path.Combine(installation.Directory, "tool-call-receipt.json")} --trust {receiptSigner}");
        Output.Line("");
        Output.Line("  # the run, exported and audited offline; the page report.html is for people");
        Output.Line($"  dotnet run -c Release --project src/ClawPdp.Server -- audit export --run {DemoAudit.RunId} --server {grpcAddress} --out {Path.Combine(installation.Directory, "exported")} --receipts");
        Output.Line($"  dotnet run -c Release --project src/ClawPdp.Server -- audit verify {Path.Combine(installation.Directory, "exported", "evidence.json")} \\");
        Output.Line($"    {string.Join(' ', installation.TrustedDids().Select(static did => "--trust " + did))} --log {Path.Combine(installation.DataDirectory, "log")}");
        Output.Line($"  xdg-open {Path.Combine(installation.Directory, "report.html")}");
        Output.Line("");
        Output.Line("Ctrl-C ends it; without --dir its files go, too.");
    }
}
