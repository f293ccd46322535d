using System.Collections.Concurrent;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Policies;

public sealed class PolicyTrafficTests
{
    [Fact]
    public async Task ActivatePolicy_InMidTraffic_GivesEachAnswerFromExactlyOnePolicy()
    {
        const int ChangeCount = 40;
        await using var bed = await PolicyBed.StartAsync();
        var token = (await bed.TokenAsync()).Cst;
        var allowing = await bed.HoldAsync(TestPolicies.Of("allowing", ["github"]));
        var denying = await bed.HoldAsync(TestPolicies.Of("denying", ["argo-cd"]));
        var changes = new List<(ulong Epoch, string Hash)> { ((await bed.ActivateAsync(allowing)).Epoch, allowing) };
        using var end = new CancellationTokenSource();
        var answers = new ConcurrentBag<AuthorizeResponse>();
        var traffic = Enumerable.Range(0, 4).Select(_ => Task.Run(() => AskUntilAsync(bed, token, answers, end.Token), TestContext.Current.CancellationToken)).ToList();

        for (var change = 0; change < ChangeCount; change++)
        {
            var hash = change % 2 == 0 ? denying : allowing;
            changes.Add(((await bed.ActivateAsync(hash)).Epoch, hash));
            Assert.Equal(hash, (await bed.AskAsync(token)).PolicyHashB64U);
        }

        await end.CancelAsync();
        await Task.WhenAll(traffic);

        Assert.NotEmpty(answers);
        Assert.All(answers, answer =>
        {
            // No other thing moves the epoch meanwhile: the last change up to an answer's epoch is the one that it was given under.
            var (_, hash) = changes.Last(change => change.Epoch <= answer.Epoch);
            Assert.Equal(hash, answer.PolicyHashB64U);
            Assert.Equal(hash == allowing ? (Effect.Allow, ReasonCode.Allowed) : (Effect.Deny, ReasonCode.PolicyViolation), (answer.Effect, answer.ReasonCode));
        });
    }

    private static async Task AskUntilAsync(PolicyBed bed, string token, ConcurrentBag<AuthorizeResponse> answers, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            answers.Add(await bed.AskAsync(token));
        }
    }
}
