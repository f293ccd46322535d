using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ClawPdp.Core.Tokens;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.Tokens;
using ClawPdp.Ledger;
using ClawPdp.Load.Rigs;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClawPdp.Load.Scenarios;

/// <summary><c>revocations</c>: what a question pays for how much is revoked, what that weighs, and how long a start takes to load it.</summary>
internal static class RevocationScenario
{
    private const int QuestionCount = 2_000_000;

    // The ledger has places of their own for revocations, and no more.
    private const int BatchCount = 200;

    private static readonly int[] Counts = [0, 1_000, 100_000, 1_000_000];

    public static Command Create()
    {
        var results = CommonOptions.Results();
        var rounds = CommonOptions.Rounds();
        var command = new Command("revocations", "Measure the view of the revocations, and loading it") { results, rounds };
        command.SetAction(parsed => RunAsync(new ResultFile(parsed.GetValue(results)), parsed.GetValue(rounds)));
        return command;
    }

    private static async Task<int> RunAsync(ResultFile results, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            foreach (var count in Counts)
            {
                Ask(results, count);
            }
        }

        await LoadAsync(results, Counts[^1]);
        return 0;
    }

    private static void Ask(ResultFile results, int count)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var view = new RevocationView();
        for (var number = 0; number < count; number++)
        {
            view.Revoke(RevocationKind.TokenId, IdOf(number), DateTimeOffset.UtcNow.AddDays(1));
        }

        var weight = GC.GetTotalMemory(forceFullCollection: true) - before;
        var traits = Enumerable.Range(0, 1_000).Select(static number => TraitsOf(number)).ToArray();
        var watch = Stopwatch.StartNew();
        var revoked = 0;
        for (var question = 0; question < QuestionCount; question++)
        {
            revoked += view.IsRevoked(traits[question % traits.Length]) ? 1 : 0;
        }

        if (revoked > 0)
        {
            throw new InvalidOperationException("a token counts as revoked that is not");
        }

        results.Add($"{count} revocations: one question", watch.Elapsed.TotalNanoseconds / QuestionCount, "ns");
        results.Add($"{count} revocations: weight", weight / 1024.0 / 1024.0, "MiB");
        GC.KeepAlive(view);
    }

    private static async Task LoadAsync(ResultFile results, int count)
    {
        var directory = Directory.CreateTempSubdirectory("clawpdp-load-").FullName;
        var settings = new LedgerSettings { DirectoryPath = directory, QueueCapacity = 100_000, BatchSizeMax = 4_000 };
        try
        {
            await using (var ledger = LedgerStore.Open(settings, TimeProvider.System, NullLogger.Instance))
            {
                foreach (var chunk in Enumerable.Range(0, count).Chunk(BatchCount))
                {
                    await Task.WhenAll(chunk.Select(number => ledger.Revocations.AppendAsync(RecordOf(number))));
                }
            }

            await using var reopened = LedgerStore.Open(settings, TimeProvider.System, NullLogger.Instance);
            var view = new RevocationView();
            var watch = Stopwatch.StartNew();
            reopened.Revocations.VisitTargets(target => view.Revoke((RevocationKind)(int)target.Kind, target.Value, target.ExpiresAt));
            results.Add($"{count} revocations: load at the start", watch.Elapsed.TotalMilliseconds, "ms");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{number:D12}");

    private static RevocationRecord RecordOf(int number) => new()
    {
        RevocationId = string.Create(CultureInfo.InvariantCulture, $"rev_{number}"),
        Kind = RevocationTargetKind.TokenId,
        Value = IdOf(number),
        RevokedAt = DateTimeOffset.UtcNow,
        RevokedBy = "load",
        ExpiresAt = DateTimeOffset.UtcNow.AddDays(1),
    };

    private static RevocableTraits TraitsOf(int number)
    {
        var claims = new CstClaims
        {
            Subject = "did:web:agent.example",
            Audience = ["clawpdp"],
            Scope = [],
            IssuedAt = 1,
            ExpiresAt = 2,
            OwnerRef = "owner",
            OwnerDid = "did:web:owner.example",
            PolicyHash = "policy",
            MissionId = "mission",
            TokenId = "unrevoked-" + IdOf(number),
        };
        return RevocableTraits.Of([AncestorToken.Of(claims, "0123456789abcdef", "hash-" + IdOf(number))]);
    }
}
