using System.CommandLine;
using System.Globalization;
using ClawPdp.Load.Rigs;
using ClawPdp.Server.Demo;

namespace ClawPdp.Load.Scenarios;

/// <summary>
/// <c>rig</c>: makes an installation with really issued tokens for others to measure with, and stays up as its identity provider until its standard
/// input ends. Writes <c>tokens.txt</c>, one token a line, <c>jwks.json</c>, a second policy and <c>ready</c> beside the configuration.
/// </summary>
internal static class RigScenario
{
    private const int Issuers = 32;

    private static readonly TimeSpan StayMax = TimeSpan.FromHours(6);

    public static Command Create()
    {
        var binary = CommonOptions.Binary();
        var folder = new Option<string>("--folder") { Description = "where the installation goes", Required = true };
        var tokens = new Option<int>("--tokens") { Description = "how many tokens are issued", DefaultValueFactory = static _ => 10_000 };
        var command = new Command("rig", "Make an installation with tokens, and stay up as its identity provider until standard input ends") { binary, folder, tokens };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(binary) ?? "", parsed.GetValue(folder) ?? "", parsed.GetValue(tokens), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string binary, string folder, int count, CancellationToken cancellation)
    {
        await using var rig = await Rig.CreateAsync(binary, folder);
        LongLife.Give(folder);
        SecondPolicy.Write(folder, rig.Data);
        await using (await rig.StartAsync())
        {
            await File.WriteAllLinesAsync(Path.Combine(folder, "tokens.txt"), await IssueAsync(rig.Issuer, count), cancellation);
            using var http = new HttpClient();
            await File.WriteAllBytesAsync(Path.Combine(folder, "jwks.json"), await http.GetByteArrayAsync(new Uri("http://127.0.0.1:17081/v1/jwks"), cancellation), cancellation);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "ready"), "ready\n", cancellation);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} tokens in {folder}"));
        using var stay = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stay.CancelAfter(StayMax);
        try
        {
            while (await Console.In.ReadLineAsync(stay.Token) is not null)
            {
            }
        }
        catch (OperationCanceledException)
        {
        }

        return 0;
    }

    private static async Task<string[]> IssueAsync(string issuer, int count)
    {
        using var client = new DemoClient(Rig.GrpcAddress, issuer);
        var idToken = await client.SignInAsync("alice");
        var tokens = new string[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Issuers }, async (number, _) =>
        {
            var response = await client.IssueAsync(idToken);
            tokens[number] = response.Issued?.Cst ?? throw new InvalidOperationException($"no token: {response.Refusal}");
        });
        return tokens;
    }
}
