using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Runs;

namespace ClawPdp.Crypto.Tests.Bundles;

/// <summary>Makes signed bundles, good ones and ones with one thing wrong. The same seed gives the same bundles.</summary>
internal sealed class BundleGenerator : IDisposable
{
    private const string RunId = "run_g";

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string AnyHash = Sha256.B64u("any"u8);

    private readonly Random _random;
    private readonly Ed25519SigningKey _gateway = Ed25519SigningKey.FromSeed(Convert.FromHexString(WorkedKeys.Seed1));
    private readonly Ed25519SigningKey _agent = Ed25519SigningKey.FromSeed(Convert.FromHexString(WorkedKeys.Seed2));
    private readonly Ed25519SigningKey _stranger = Ed25519SigningKey.FromSeed(Convert.FromHexString(WorkedKeys.Seed3));

    public BundleGenerator(int seed) => _random = new Random(seed);

    public static DateTimeOffset Now { get; } = Start.AddMinutes(10);

    public static ImmutableArray<string> Trusted => [WorkedKeys.K1];

    /// <summary>Gets the names of everything that can be wrong.</summary>
    public static ImmutableArray<string> Faults =>
    [
        "event_hash", "event_hash_jcs", "event_link", "event_twice", "event_of_another_run", "event_without_time", "event_extra_member",
        "receipt_number", "receipt_of_a_stranger", "receipt_of_another_run", "receipt_of_no_event", "receipt_without_binding", "receipt_too_many_tokens", "receipt_extra_member", "receipt_expired",
        "tool_of_another_agent", "tool_number", "tool_of_a_stranger", "tool_other_version", "effect_of_another_agent", "effect_enveloped", "effect_other_class", "effect_of_no_event",
        "orphan", "span_unknown", "span_twice", "spans_apart", "span_circle", "older_than_its_parent", "younger_than_its_envelope", "phase_backwards", "phase_unknown", "alias_conflict", "id_twice",
        "index_names", "metadata_large", "urm", "no_chain", "unknown_member", "agent_other", "bundle_version",
        "signature", "hash", "unsigned", "algorithm", "hash_algorithm", "envelope_version", "expired", "issued_at", "envelope_member", "hash_short", "text_cut", "member_twice",
    ];

    /// <summary>Makes a bundle's text.</summary>
    /// <param name="fault">One of <see cref="Faults"/>; <see langword="null"/> for a good one.</param>
    public string Make(string? fault)
    {
        var events = Events(fault);
        var payload = new List<JsonMember>();
        void Put(string name, JsonValue value) => payload.Add(new JsonMember(name, value));

        Put("bundle_version", JsonValue.Of(fault is "bundle_version" ? "2" : "1"));
        Put("bundle_id", JsonValue.Of("bundle_" + _random.Next()));
        Put("agent_did", JsonValue.Of(fault is "agent_other" ? WorkedKeys.K3 : WorkedKeys.K2));
        if (fault is not "no_chain")
        {
            Put("event_chain", JsonValue.ArrayOf([.. events]));
        }

        if (fault is not "no_chain")
        {
            Put("receipts", JsonValue.ArrayOf(Gateways(events, fault)));
            Put("tool_receipts", JsonValue.ArrayOf([.. Enumerable.Range(0, _random.Next(1, 3)).Select(index => Tool(events, index, index == 0 ? fault : null))]));
            Put("side_effect_receipts", JsonValue.ArrayOf([.. Enumerable.Range(0, _random.Next(1, 3)).Select(index => Effect(events, index, index == 0 ? fault : null))]));
        }

        AddMetadata(payload, fault);
        // Any order is as good as another: what is hashed is what is sent.
        return Text(Envelope("proof_bundle", JsonValue.ObjectOf([.. payload.OrderBy(_ => _random.Next())]), _agent, fault, isOuter: true), fault);
    }

    public void Dispose()
    {
        _gateway.Dispose();
        _agent.Dispose();
        _stranger.Dispose();
    }

    private static JsonValue Object(params (string Name, JsonValue Value)[] members) => JsonValue.ObjectOf([.. members.Select(static member => new JsonMember(member.Name, member.Value))]);

    private static JsonValue With(JsonValue value, string name, JsonValue? member) => JsonValue.ObjectOf(
    [
        .. value.Members.Where(item => item.Name != name),
        .. member is null ? Array.Empty<JsonMember>() : [new JsonMember(name, member)],
    ]);

    private static JsonValue Str(string text) => JsonValue.Of(text);

    private static string Id(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}_{number}");

    private void AddMetadata(List<JsonMember> payload, string? fault)
    {
        switch (fault)
        {
            case "index_names":
                // Sorted as text, which is not how an ECMAScript reader writes them again.
                payload.Add(new JsonMember("metadata", Object(("10", JsonValue.Of(1)), ("9", JsonValue.Of(2)))));
                break;
            case "metadata_large":
                payload.Add(new JsonMember("metadata", Object(("text", Str(new string('x', 16_384))))));
                break;
            case "urm":
                payload.Add(new JsonMember("urm", Object(("id", Str("urm_1")))));
                break;
            case "unknown_member":
                payload.Add(new JsonMember("more", JsonValue.Of(1)));
                break;
            default:
                if (_random.Next(2) == 0)
                {
                    payload.Add(new JsonMember("metadata", Object(("é<😀", JsonValue.Of(_random.NextDouble() * Math.Pow(10, _random.Next(-20, 25)))), ("a", JsonValue.Of(_random.Next())))));
                }

                break;
        }
    }

    private List<JsonValue> Events(string? fault)
    {
        var events = new List<JsonValue>();
        RunEvent? last = null;
        for (var number = 0; number < 4; number++)
        {
            var item = RunEvent.Following(last, new RunEvent
            {
                EventId = Id("evt", fault is "event_twice" && number == 2 ? 1 : number),
                RunId = RunId,
                EventType = "step",
                Timestamp = Rfc3339.Format(Start.AddSeconds(number)),
                PayloadHash = AnyHash,
                EventHash = "",
            });
            last = item;
            events.Add(Shuffled(item.ToJson()));
        }

        events[1] = fault switch
        {
            "event_hash" => With(events[1], "event_hash_b64u", Str(AnyHash)),
            "event_link" => With(events[1], "prev_hash_b64u", Str(AnyHash)),
            "event_of_another_run" => With(events[1], "run_id", Str("run_h")),
            "event_without_time" => With(events[1], "timestamp", Str("2026-01-01T00:00:01")),
            "event_extra_member" => With(events[1], "note", Str("x")),
            _ => events[1],
        };
        if (fault is "event_hash_jcs")
        {
            events[3] = With(events[3], "event_hash_b64u", Str(Sha256.OfCanonical(With(events[3], "event_hash_b64u", member: null))));
        }

        return events;
    }

    private JsonValue Shuffled(JsonValue value) => JsonValue.ObjectOf([.. value.Members.OrderBy(_ => _random.Next())]);

    private static string HashOf(List<JsonValue> events, int index) => events[index].FindText("event_hash_b64u") ?? "";

    private ImmutableArray<JsonValue> Gateways(List<JsonValue> events, string? fault)
    {
        var count = _random.Next(2, 4);
        var receipts = ImmutableArray.CreateBuilder<JsonValue>();
        for (var index = 0; index < count; index++)
        {
            var own = index == 1 ? fault : null;
            var binding = Object(("run_id", Str(own is "receipt_of_another_run" ? "run_h" : RunId)), ("event_hash_b64u", Str(own is "receipt_of_no_event" ? AnyHash : HashOf(events, index))));
            binding = With(binding, "span_id", Str(Id("s", own is "span_twice" ? 0 : index)));
            binding = With(binding, "parent_span_id", ParentOf(index, fault));
            binding = With(binding, "phase", fault is "phase_backwards" ? Str(index == 0 ? "execution" : "planning") : own is "phase_unknown" ? Str("dreaming") : null);
            binding = With(binding, "spanId", own is "alias_conflict" ? Str("other") : null);
            var at = Start.AddSeconds(own is "older_than_its_parent" ? -5 : 10 + index);
            var payload = Object(
                ("receipt_version", Str("1")), ("receipt_id", Str(Id("rcpt", own is "id_twice" ? 0 : index))), ("gateway_id", Str(WorkedKeys.K1)), ("provider", Str("openai")), ("model", Str("gpt-4o")),
                ("request_hash_b64u", Str(AnyHash)), ("response_hash_b64u", Str(AnyHash)), ("tokens_input", JsonValue.Of(own is "receipt_too_many_tokens" ? 10_000_001 : _random.Next(100))),
                ("tokens_output", JsonValue.Of(_random.Next(100))), ("latency_ms", JsonValue.Of(_random.Next(100))), ("timestamp", Str(Rfc3339.Format(own is "younger_than_its_envelope" ? Start.AddMinutes(2) : at))));
            payload = own is "receipt_without_binding" ? payload : With(payload, "binding", Shuffled(binding));
            payload = own is "receipt_extra_member" ? With(payload, "more", JsonValue.Of(1)) : payload;
            receipts.Add(Envelope("gateway_receipt", Shuffled(payload), own is "receipt_of_a_stranger" ? _stranger : _gateway, own, isOuter: false));
        }

        return receipts.ToImmutable();
    }

    private static JsonValue? ParentOf(int index, string? fault) => fault switch
    {
        "span_unknown" when index == 1 => Str("nowhere"),
        "spans_apart" => null,
        "span_circle" => Str(Id("s", index == 0 ? 1 : 0)),
        _ => index == 0 ? null : Str(Id("s", index - 1)),
    };

    private JsonValue Tool(List<JsonValue> events, int index, string? fault)
    {
        var payload = Object(
            ("receipt_version", Str(fault is "tool_other_version" ? "3" : "1")), ("receipt_id", Str(Id("tr", index))), ("tool_name", Str("github")),
            ("agent_did", Str(fault is "tool_of_another_agent" ? WorkedKeys.K3 : WorkedKeys.K2)), ("args_hash_b64u", Str(AnyHash)), ("result_hash_b64u", Str(AnyHash)), ("hash_algorithm", Str("SHA-256")),
            ("timestamp", Str(Rfc3339.Format(Start.AddSeconds(20)))), ("latency_ms", JsonValue.Of(_random.Next(100) + 0.5)),
            ("binding", Object(("run_id", Str(RunId)), ("event_hash_b64u", Str(HashOf(events, 2))))));
        // A bare receipt is as good as the agent's signature over the whole.
        return fault is not ("tool_number" or "tool_of_a_stranger") && _random.Next(3) == 0
            ? payload
            : Envelope("tool_receipt", Shuffled(payload), fault is "tool_of_a_stranger" ? _stranger : _gateway, fault, isOuter: false);
    }

    private JsonValue Effect(List<JsonValue> events, int index, string? fault)
    {
        var binding = Object(("run_id", Str(RunId)), ("event_hash_b64u", Str(fault is "effect_of_no_event" ? AnyHash : HashOf(events, 3))), ("parent_span_id", Str(fault is "orphan" ? "nowhere" : "s_0")));
        var payload = Object(
            ("receipt_version", Str("1")), ("receipt_id", Str(Id("ser", index))), ("agent_did", Str(fault is "effect_of_another_agent" ? WorkedKeys.K3 : WorkedKeys.K2)),
            ("effect_class", Str(fault is "effect_other_class" ? "mind_reading" : "network_egress")), ("target_hash_b64u", Str(AnyHash)), ("request_hash_b64u", Str(AnyHash)), ("response_hash_b64u", Str(AnyHash)),
            ("hash_algorithm", Str("SHA-256")), ("timestamp", Str(Rfc3339.Format(Start.AddSeconds(21)))), ("latency_ms", JsonValue.Of(1)), ("binding", binding));
        return fault is "effect_enveloped" ? Envelope("side_effect_receipt", payload, _gateway, fault, isOuter: false) : Shuffled(payload);
    }

    private JsonValue Envelope(string type, JsonValue payload, Ed25519SigningKey signer, string? fault, bool isOuter)
    {
        var hash = fault is "index_names" && isOuter ? Sha256.OfCanonical(payload) : Sha256.B64u(JsonWriter.WriteAsReceived(payload));
        var signature = Base64UrlText.Encode(signer.Sign(Encoding.ASCII.GetBytes(hash)));
        var changed = fault is "receipt_number" or "tool_number" ? With(payload, "latency_ms", JsonValue.Of(101)) : payload;
        var envelope = Object(
            ("envelope_version", Str(isOuter && fault is "envelope_version" ? "2" : "1")), ("envelope_type", Str(type)), ("payload", changed), ("payload_hash_b64u", Str(hash)), ("hash_algorithm", Str("SHA-256")),
            ("signature_b64u", Str(signature)), ("algorithm", Str("Ed25519")), ("signer_did", Str(signer.PublicKey.Did)), ("issued_at", Str(Rfc3339.Format(Start.AddMinutes(1)))));
        if (fault is "receipt_expired" && !isOuter)
        {
            return With(envelope, "expires_at", Str("2026-01-01T00:05:00Z"));
        }

        return isOuter ? Shuffled(Outer(envelope, fault)) : Shuffled(envelope);
    }

    private static JsonValue Outer(JsonValue envelope, string? fault) => fault switch
    {
        "signature" => With(envelope, "signature_b64u", Str("A" + (envelope.FindText("signature_b64u") ?? "")[1..])),
        "hash" => With(envelope, "payload_hash_b64u", Str(AnyHash)),
        "hash_short" => With(envelope, "payload_hash_b64u", Str(AnyHash[1..])),
        "unsigned" => envelope.Find("payload") ?? JsonValue.Null,
        "algorithm" => With(envelope, "algorithm", Str("RS256")),
        "hash_algorithm" => With(envelope, "hash_algorithm", Str("BLAKE3")),
        "expired" => With(envelope, "expires_at", Str("2026-01-01T00:05:00Z")),
        "issued_at" => With(envelope, "issued_at", Str("2026-01-01")),
        "envelope_member" => With(envelope, "note", Str("x")),
        _ => envelope,
    };

    private string Text(JsonValue envelope, string? fault)
    {
        var text = Encoding.UTF8.GetString(JsonWriter.WriteAsReceived(envelope));
        text = fault switch
        {
            "text_cut" => text[..^1],
            "member_twice" => text[..^1] + ",\"algorithm\":\"Ed25519\"}",
            _ => text,
        };
        // Other forms of the same numbers, and white space, change nothing.
        return _random.Next(2) == 0 ? text.Replace("\"latency_ms\":1,", "\"latency_ms\" : 1.0e0 ,", StringComparison.Ordinal) : text;
    }
}
