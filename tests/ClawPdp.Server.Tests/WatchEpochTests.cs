using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Files;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Settings;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Server.Tests;

/// <summary>The epoch's stream through a real socket: it tells of every kind of change, and ends with the caller or the sidecar.</summary>
[Trait("Door", "published")]
public sealed class WatchEpochTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task WatchEpoch_EveryKindOfChange_IsToldToEveryCaller()
    {
        await using var sidecar = new QuickSidecar();
        await sidecar.InitializeAsync();
        using var channel = sidecar.Channel();
        using var watch = new Watch(channel);
        using var other = new Watch(channel);
        var start = await watch.NextAsync();
        Assert.Equal(start, await other.NextAsync());
        var seen = new HashSet<ulong> { start };

        foreach (var change in new Func<RunningSidecar, Task>[] { RevokeAsync, ChangeMappingAsync, ChangePolicyAsync, RotateKeyAsync })
        {
            await change(sidecar);

            // A change of several files may be several moves: both callers hear of the last one.
            await watch.NextAsync();
            var answer = await sidecar.Client.Decisions.AuthorizeAsync(new AuthorizeRequest { Tool = "github" });
            await watch.WaitForAsync(answer.Epoch);
            await other.WaitForAsync(answer.Epoch);
            Assert.True(seen.Add(answer.Epoch), $"{change.Method.Name}: the epoch {answer.Epoch} came before");
        }
    }

    [Fact]
    public async Task WatchEpoch_SidecarStops_EndsWithOk()
    {
        var sidecar = new QuickSidecar();
        await sidecar.InitializeAsync();
        using var channel = sidecar.Channel();
        using var watch = new Watch(channel);
        await watch.NextAsync();

        await sidecar.DisposeAsync().AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(StatusCode.OK, await watch.EndAsync());
    }

    [Fact]
    public async Task WatchEpoch_CallersComeAndGo_TheOthersAreTold()
    {
        await using var sidecar = new QuickSidecar();
        await sidecar.InitializeAsync();
        using var channel = sidecar.Channel();
        using var watch = new Watch(channel);
        var start = await watch.NextAsync();
        for (var caller = 0; caller < 50; caller++)
        {
            using var gone = new Watch(channel);
            Assert.Equal(start, await gone.NextAsync());
        }

        await RevokeAsync(sidecar);

        Assert.NotEqual(start, await watch.NextAsync());
    }

    private static async Task RevokeAsync(RunningSidecar sidecar) =>
        await sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Jti = "00000000-0000-4000-8000-000000000001" });

    private static async Task ChangeMappingAsync(RunningSidecar sidecar)
    {
        var path = Path.Combine(sidecar.Installation.Directory, "scope-mapping.json");
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        DurableFile.Write(path, System.Text.Encoding.UTF8.GetBytes(text.Replace("\"terraform\"", "\"terraform\",\"vault\"", StringComparison.Ordinal)));
    }

    private static Task ChangePolicyAsync(RunningSidecar sidecar)
    {
        var ring = new KeyStore(sidecar.Installation.DataDirectory, TimeProvider.System).Load();
        using var key = new PurposeKey(KeyPurpose.Policy, Ed25519SigningKey.FromSeed(ring.ActiveOf(KeyPurpose.Policy)?.Seed));
        var policy = new JsonObjectBuilder().Add("policy_version", "1").Add("policy_id", "another").Add("issuer_did", key.PublicKey.Did).Build();
        var envelope = key.SignEnvelope(EnvelopeTypes.WorkPolicyContract, policy, TimeProvider.System.GetUtcNow());
        DurableFile.Write(Path.Combine(sidecar.Installation.Directory, "policy.json"), envelope.Json.Span);
        return Task.CompletedTask;
    }

    private static Task RotateKeyAsync(RunningSidecar sidecar)
    {
        new KeyStore(sidecar.Installation.DataDirectory, TimeProvider.System).Rotate(KeyPurpose.Token, TimeSpan.FromHours(1));
        return Task.CompletedTask;
    }

    private sealed class QuickSidecar : RunningSidecar
    {
        private protected override ServerSettings Adjust(ServerSettings settings) => settings with { ReloadInterval = TimeSpan.FromMilliseconds(50) };
    }

    private sealed class Watch : IDisposable
    {
        private readonly AsyncServerStreamingCall<WatchEpochResponse> _call;

        public Watch(ChannelBase channel) => _call = new DecisionService.DecisionServiceClient(channel).WatchEpoch(new WatchEpochRequest());

        public async Task<ulong> NextAsync()
        {
            Assert.True(await _call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken));
            return _call.ResponseStream.Current.Epoch;
        }

        public async Task WaitForAsync(ulong epoch)
        {
            while (_call.ResponseStream.Current.Epoch < epoch)
            {
                await NextAsync();
            }
        }

        public async Task<StatusCode> EndAsync()
        {
            Assert.False(await _call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken));
            return _call.GetStatus().StatusCode;
        }

        public void Dispose() => _call.Dispose();
    }
}
