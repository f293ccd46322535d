using System.Globalization;
using System.Text.Json;

namespace ClawPdp.Client.Tests;

public sealed class VectorTests : IClassFixture<ScriptedPeer>
{
    private const string Token = "secret-of-the-agent";
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(0.6);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private readonly ScriptedPeer _peer;

    public VectorTests(ScriptedPeer peer) => _peer = peer;

    public static TheoryData<string> Answers => Vectors.Names("answers");

    public static TheoryData<string> Listeners => Vectors.Names("listeners");

    public static TheoryData<string> Digests => Vectors.Names("digests");

    public static TheoryData<string> Caches => Vectors.Names("caches");

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Authorize_APeerThatDoesThis_IsReadSo(string name)
    {
        var row = Vectors.Row("answers", name);
        var steps = row.GetProperty("peer").EnumerateArray().ToArray();
        _peer.Steps[name] = steps;
        await using var client = Client(_peer.Address, steps.Any(static step => step.TryGetProperty("hang", out _)) ? Short : Long);

        var decision = await client.AuthorizeAsync(new AgentAction { Tool = name, RequestId = row.TryGetProperty("request_id", out var id) ? id.GetString() ?? "" : "" }, TestContext.Current.CancellationToken);

        Hold(decision, row.GetProperty("expect"));
        Assert.Equal(row.GetProperty("attempts").GetInt32(), _peer.Asked[name]);
    }

    [Theory]
    [MemberData(nameof(Listeners))]
    public async Task Authorize_NoSidecarThere_IsDenied(string name)
    {
        var row = Vectors.Row("listeners", name);
        var kind = row.GetProperty("listener").GetString();
        await using var listener = new Listener(kind);
        await using var client = Client(listener.Address, kind is "silent" ? Short : Long);

        var decision = await client.AuthorizeAsync(new AgentAction { Tool = "github" }, TestContext.Current.CancellationToken);

        Hold(decision, row.GetProperty("expect"));
    }

    [Theory]
    [MemberData(nameof(Digests))]
    public void Digest_OfJson_IsThatOfEveryClient(string name)
    {
        var row = Vectors.Row("digests", name);
        var json = row.GetProperty("json").GetString() ?? "";
        if (row.TryGetProperty("refused", out _))
        {
            Assert.Throws<FormatException>(() => Digest.OfJson(json));
            return;
        }

        Assert.Equal(row.GetProperty("digest").GetString(), Digest.OfJson(json));
    }

    [Theory]
    [MemberData(nameof(Caches))]
    public void Cache_TheseSteps_KeepsAndFinds(string name)
    {
        var row = Vectors.Row("caches", name);
        var capacity = row.GetProperty("capacity").GetInt32();
        var time = new TwoClocks();
        var cache = new DecisionCache(capacity, time);
        foreach (var step in row.GetProperty("steps").EnumerateArray())
        {
            var key = step.TryGetProperty("key", out var text) ? KeyOf(text.GetString() ?? "") : default;
            if (step.TryGetProperty("now", out var now))
            {
                time.Now = DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(now.GetDouble());
                time.Steady = TimeSpan.FromSeconds(step.GetProperty("steady").GetDouble());
            }

            switch (step.GetProperty("do").GetString())
            {
                case "follow":
                    cache.Follow(step.GetProperty("epoch").GetUInt64());
                    break;
                case "keep":
                    Assert.Equal(step.GetProperty("kept").GetBoolean(), cache.Keep(key, DecisionOf(step.GetProperty("answer")), time.GetTimestamp()));
                    break;
                default:
                    Assert.Equal(step.GetProperty("found").GetBoolean(), cache.Find(key) is { IsCached: true });
                    break;
            }

            Assert.InRange(cache.Count, 0, capacity);
        }
    }

    private static ClawPdpClient Client(string address, TimeSpan timeout) => new(ClawPdpClientOptions.WithToken(Token) with { Address = address, AuthorizeTimeout = timeout });

    private static UInt128 KeyOf(string text) => text.Aggregate(UInt128.Zero, static (sum, unit) => (sum << 16) + unit);

    private static AuthorizationDecision DecisionOf(JsonElement answer) => new()
    {
        IsAllowed = answer.TryGetProperty("allowed", out var allowed) && allowed.GetBoolean(),
        Epoch = answer.TryGetProperty("epoch", out var epoch) ? epoch.GetUInt64() : 0,
        DecidedAt = TimeOf(answer, "decided_at"),
        CacheableUntil = TimeOf(answer, "cacheable_until"),
        Status = answer.TryGetProperty("status", out var status) && status.GetString() is not "OK" ? Grpc.Core.StatusCode.Unavailable : Grpc.Core.StatusCode.OK,
    };

    private static DateTimeOffset? TimeOf(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var seconds) && seconds.ValueKind == JsonValueKind.Number ? DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(seconds.GetDouble()) : null;

    // Compares what a row expects, and looks for the token in whatever could be printed.
    private static void Hold(AuthorizationDecision decision, JsonElement expected)
    {
        foreach (var member in expected.EnumerateObject())
        {
            Assert.Equal(Expected(member.Value), Shown(decision, member.Name));
        }

        Assert.DoesNotContain(Token, decision.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Token, new AuthorizationDeniedException(decision).ToString(), StringComparison.Ordinal);
    }

    private static string? Expected(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Array => string.Join(' ', value.EnumerateArray()),
        _ => value.ToString(),
    };

    private static string? Shown(AuthorizationDecision decision, string name) => name switch
    {
        "allowed" => decision.IsAllowed ? "True" : "False",
        "durable" => decision.IsDurable ? "True" : "False",
        "reason" => decision.Reason,
        "reason_class" => decision.ReasonClass == DenialClass.None ? null : decision.ReasonClass.ToString().ToLowerInvariant(),
        "reason_number" => decision.ReasonNumber.ToString(CultureInfo.InvariantCulture),
        "status" => ScriptedPeer.NameOf(decision.Status),
        "epoch" => decision.Epoch.ToString(CultureInfo.InvariantCulture),
        "decision_id" => decision.DecisionId,
        "statement_ids" => string.Join(' ', decision.StatementIds),
        "message" => decision.Message,
        "cacheable_until" => (decision.CacheableUntil - DateTimeOffset.UnixEpoch)?.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        "retry_after_ms" => decision.RetryAfter?.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException(name),
    };

    private sealed class TwoClocks : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public TimeSpan Steady { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Steady.Ticks;
    }
}
