using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using ClawPdp.Core.Json;
using ClawPdp.Crypto.Verification;

namespace ClawPdp.Crypto.Tests.Bundles;

/// <summary>Our verdicts against those of a second verifier, in another language and from the wire formats alone.</summary>
public sealed class SecondVerifierTests
{
    private const int Count = 1_000;

    private static readonly ImmutableArray<string> Everyone = [WorkedKeys.K1, WorkedKeys.K2, WorkedKeys.K3];
    private static readonly DateTimeOffset VectorTime = new(2026, 1, 1, 0, 1, 0, TimeSpan.Zero);

    [Fact]
    public void Verify_GeneratedBundles_FaultsAreFoundAndTheRestIsValid()
    {
        using var generator = new BundleGenerator(20260101);
        foreach (var fault in BundleGenerator.Faults)
        {
            var verdict = Judge(generator.Make(fault));

            Assert.False(verdict.IsValid, fault);
            Assert.NotEmpty(verdict.Code);
        }

        for (var number = 0; number < 100; number++)
        {
            var verdict = Judge(generator.Make(fault: null));

            Assert.True(verdict.IsValid, $"{verdict.Code}: {verdict.Field}: {verdict.Message}");
            Assert.Equal("gateway", verdict.ProofTier);
        }
    }

    [Fact]
    public async Task Verify_VectorsAndAThousandBundles_TheSecondVerifierAgrees()
    {
        var python = Environment.GetEnvironmentVariable("SUITE_PYTHON");
        Assert.SkipUnless(python is not null && File.Exists(python), "SUITE_PYTHON names no Python with the package `cryptography`; ./test.sh installs it");
        using var generator = new BundleGenerator(1);
        var cases = new List<(string Name, string Text, ImmutableArray<string> Trusted, DateTimeOffset Now)>();
        foreach (var file in Directory.EnumerateFiles(VectorFile.Folder, "*.json").Order(StringComparer.Ordinal))
        {
            cases.Add((Path.GetFileName(file), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), Everyone, VectorTime));
        }

        for (var number = 0; number < Count; number++)
        {
            var fault = number % 2 == 0 ? null : BundleGenerator.Faults[number / 2 % BundleGenerator.Faults.Length];
            cases.Add((fault ?? "good", generator.Make(fault), number % 50 == 0 ? [] : BundleGenerator.Trusted, BundleGenerator.Now));
        }

        var theirs = await RunAsync(python, cases.Select(static item => LineOf(item.Text, item.Trusted, item.Now)));
        var ours = cases.Select(static item => CodeOf(item.Text, item.Trusted, item.Now)).ToList();

        Assert.Equal(ours.Select((code, index) => $"{cases[index].Name}: {code}"), theirs.Select((code, index) => $"{cases[index].Name}: {code}"));
        Assert.InRange(ours.Count(static code => code is "VALID"), Count * 2 / 5, Count * 3 / 5);
    }

    private static ArtifactVerdict Judge(string text) => ArtifactVerifier.Verify(Encoding.UTF8.GetBytes(text), BundleGenerator.Trusted, BundleGenerator.Now);

    private static string CodeOf(string text, ImmutableArray<string> trusted, DateTimeOffset now)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return JsonReader.Parse(bytes, 1 << 20).TryGet(out var value) && value.Find("proof_version") is not null
            ? ReceiptInclusionVerifier.FindFault(value, trusted)?.Code ?? "VALID"
            : ArtifactVerifier.Verify(bytes, trusted, now).Code;
    }

    private static string LineOf(string text, ImmutableArray<string> trusted, DateTimeOffset now) => JsonWriter.CanonicalText(new JsonObjectBuilder()
        .Add("artifact", text)
        .Add("trusted", JsonValue.ArrayOf(trusted))
        .Add("now", Core.Encoding.Rfc3339.Format(now))
        .Build());

    private static async Task<string[]> RunAsync(string python, IEnumerable<string> lines)
    {
        var start = new ProcessStartInfo(python, [Path.Combine(VectorFile.Folder, "..", "..", "verifier", "verify.py"), "--lines"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        start.Environment["PYTHONUTF8"] = "1";
        using var process = Process.Start(start) ?? throw new InvalidOperationException("Python did not start");
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        foreach (var line in lines)
        {
            await process.StandardInput.WriteLineAsync(line);
        }

        process.StandardInput.Close();
        var codes = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return codes;
    }
}
