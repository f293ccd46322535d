using System.Globalization;
using System.Text;
using ClawPdp.Audit.Evidence;
using ClawPdp.Core.Bundles;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Log;
using ClawPdp.Core.Receipts;
using ClawPdp.Core.Runs;
using ClawPdp.Core.Tokens;
using ClawPdp.Crypto;

namespace ClawPdp.Audit.Tests;

/// <summary>
/// Makes the evidence of a small run from its records alone, as a sidecar would, with every hash and signature right. A test changes one
/// thing before, so that this one thing is all that is wrong.
/// </summary>
internal sealed class RunBuilder : IDisposable
{
    public const string RunId = "run_1";
    public const string Model = "gpt-4o";

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string AnyHash = Sha256.B64u("any"u8);

    private readonly List<(string Kind, Func<JsonValue> Content)> _records = [];
    private readonly List<(string Type, JsonValue Envelope)> _receipts = [];
    private RunEvent? _last;
    private int _eventCount;

    public RunKeys Keys { get; } = new();

    public DateTimeOffset Now { get; } = Start.AddHours(1);

    /// <summary>Gets or sets what each issuance's payload goes through before it is signed.</summary>
    public Func<JsonValue, JsonValue> Issuance { get; set; } = static payload => payload;

    /// <summary>Gets or sets the claims that the token was issued with.</summary>
    public Func<CstClaims, CstClaims> Claims { get; set; } = static claims => claims;

    /// <summary>Gets or sets the delegation that the token came from; <see langword="null"/> for the user's sign-in itself.</summary>
    public DelegationBuilder? Delegation { get; set; }

    /// <summary>Gets or sets the scope mapping's text.</summary>
    public string Mapping { get; set; } = """{"scope_mappings":[{"cst_claims":{"allowed_models":["gpt-4o"],"allowed_tools":["argo-cd","github"],"egress_allowlist":["api.github.com"],"max_ttl_seconds":3600},"okta_group":"engineers"}]}""";

    /// <summary>Gets or sets the policy's allowed models.</summary>
    public string[] PolicyModels { get; set; } = ["gpt-4o"];

    /// <summary>Gets or sets the policy's payload; <see langword="null"/> for one of version 1.</summary>
    public JsonValue? Policy { get; set; }

    /// <summary>Gets or sets further policies that are among the documents.</summary>
    public JsonValue[] Parents { get; set; } = [];

    /// <summary>Gets or sets what makes the approvals of the decision about the tool, from that decision; <see langword="null"/> for none.</summary>
    public Func<JsonValue, SignedEnvelope>? Approval { get; set; }

    /// <summary>Gets or sets what each receipt's record goes through before it is hashed.</summary>
    public Func<JsonValue, JsonValue> Receipt { get; set; } = static content => content;

    /// <summary>Gets or sets what each receipt's binding goes through before it is signed.</summary>
    public Func<ReceiptBinding, ReceiptBinding> Binding { get; set; } = static binding => binding;

    /// <summary>Gets or sets what each decision's record goes through before it is hashed.</summary>
    public Func<JsonValue, JsonValue> Decision { get; set; } = static content => content;

    /// <summary>Gets or sets what the seal's record goes through before it is hashed.</summary>
    public Func<JsonValue, JsonValue> Seal { get; set; } = static content => content;

    /// <summary>Gets or sets when the receipts are made, after the start.</summary>
    public TimeSpan ReportedAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the target of a revocation that comes before the receipts; <see langword="null"/> for none.</summary>
    public (int Kind, string Value)? Revocation { get; set; }

    /// <summary>Gets or sets the target of a revocation that comes after the receipts; <see langword="null"/> for none.</summary>
    public (int Kind, string Value)? LateRevocation { get; set; }

    /// <summary>Gets or sets the key that signs the export; <see langword="null"/> for that of the receipts.</summary>
    public PurposeKey? Exporter { get; set; }

    public string TokenHash { get; } = Sha256.Hex("token");

    public void Dispose() => Keys.Dispose();

    /// <summary>Gives a value with one member replaced or added.</summary>
    public static JsonValue With(JsonValue value, string name, JsonValue member) =>
        JsonValue.ObjectOf([.. value.Members.Where(item => item.Name != name), new JsonMember(name, member)]);

    /// <summary>Makes the file: two model calls, a tool call, a side effect, their decisions, one more decision, a refusal.</summary>
    public EvidenceFile Build()
    {
        _records.Clear();
        _receipts.Clear();
        (_last, _eventCount) = (null, 0);
        var policy = Keys.Policy.SignEnvelope("work_policy_contract", Policy ?? PolicyPayload(), Start);
        foreach (var parent in Parents.Select(payload => Keys.Policy.SignEnvelope("work_policy_contract", payload, Start)))
        {
            AddDocument("policy", parent.PayloadHash, Encoding.UTF8.GetString(parent.Json.Span));
        }

        AddDocument("scope_mapping", Sha256.B64u(Encoding.UTF8.GetBytes(Mapping)), Mapping);
        AddDocument("policy", policy.PayloadHash, Encoding.UTF8.GetString(policy.Json.Span));
        var claims = ClaimsOf(policy.PayloadHash);
        AddIssuance(claims);
        Add(RecordKinds.Run, () => Object(("run_id", RunId), ("agent_did", Keys.Agent.PublicKey.Did), ("token_hash", TokenHash), ("started_at", Instant(1))));
        AddRevocation(Revocation, 2);
        AddAction("rcpt_1", "gateway_receipt", ("model", Model), claims, span: "span_1", parent: null);
        AddAction("rcpt_2", "gateway_receipt", ("model", Model), claims, span: "span_2", parent: "span_1");
        AddAction("tr_1", "tool_receipt", ("tool", "github"), claims, span: null, parent: "span_2");
        AddAction("ser_1", "side_effect_receipt", ("host", "api.github.com"), claims, span: null, parent: "span_2");
        AddDecision("dec_9", "ALLOW", ("tool", "argo-cd"), claims);
        AddDecision("dec_10", "DENY", ("tool", "splunk"), claims);
        Add(RecordKinds.Refusal, () => Object(
            ("refused_at", Instant(9)), ("operation", "SignReceipt"), ("reason_code", "TOOL_NOT_ALLOWED"), ("token_hash", TokenHash), ("run_id", RunId), ("agent_did", Keys.Agent.PublicKey.Did)));
        AddRevocation(LateRevocation, 15);
        return Pack();
    }

    public byte[] Bytes() => Build().ToBytes();

    private static JsonValue Object(params (string Name, string Value)[] members)
    {
        var builder = new JsonObjectBuilder();
        foreach (var (name, value) in members)
        {
            builder.AddIfPresent(name, value);
        }

        return builder.Build();
    }

    private static string Instant(double seconds) => Start.AddSeconds(seconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    private JsonValue PolicyPayload() => new JsonObjectBuilder()
        .Add("policy_version", "1")
        .Add("policy_id", "pol_1")
        .Add("issuer_did", Keys.Policy.PublicKey.Did)
        .Add("allowed_models", JsonValue.ArrayOf(PolicyModels))
        .Add("egress_allowlist", JsonValue.ArrayOf(["api.github.com"]))
        .Build();

    private CstClaims ClaimsOf(string policyHash)
    {
        var owner = Sha256.OfCanonical(new JsonObjectBuilder().Add("iss", "https://id.example").Add("sub", "00u1").Add("groups", JsonValue.ArrayOf(["engineers"])).Add("salt", "salt").Build());
        var claims = new CstClaims
        {
            Subject = Keys.Agent.PublicKey.Did,
            Audience = ["clawpdp"],
            Scope = ["egress:api.github.com", "model:gpt-4o", "tool:argo-cd", "tool:github"],
            IssuedAt = Start.ToUnixTimeSeconds(),
            ExpiresAt = Start.AddMinutes(10).ToUnixTimeSeconds(),
            OwnerRef = owner,
            PolicyHash = policyHash,
            TokenId = "jti-1",
        };
        claims = Claims(Delegation is null ? claims : DelegationBuilder.ClaimsOf(claims));
        return claims with { TokenScopeHash = TokenScopeHash.Compute(claims) };
    }

    private void Add(string kind, Func<JsonValue> content) => _records.Add((kind, content));

    private void AddDocument(string type, string hash, string text) =>
        Add(RecordKinds.Document, () => Object(("document_type", type), ("hash_b64u", hash), ("recorded_at", Instant(0)), ("text", text)));

    private void AddIssuance(CstClaims claims)
    {
        if (Delegation is { } delegation)
        {
            var (parent, child) = delegation.Build(this, claims);
            Add(RecordKinds.Issuance, () => parent);
            Add(RecordKinds.Issuance, () => child);
            return;
        }

        var payload = Issuance(IssuancePayloadOf(claims, TokenHash, new JsonMember("identity", IdentityOf())));
        var envelope = Keys.Receipt.SignEnvelope("issuance_record", payload, Start);
        Add(RecordKinds.Issuance, () => IssuanceContentOf(payload, Encoding.UTF8.GetString(envelope.Json.Span)));
    }

    /// <summary>Says who signed in.</summary>
    public static JsonValue IdentityOf() => new JsonObjectBuilder()
        .Add("iss", "https://id.example")
        .Add("sub", "00u1")
        .Add("groups", JsonValue.ArrayOf(["engineers"]))
        .Add("salt", "salt")
        .Add("id_token_hash_b64u", AnyHash)
        .Build();

    /// <summary>Gives the payload of an issuance record.</summary>
    public JsonValue IssuancePayloadOf(CstClaims claims, string tokenHash, JsonMember origin) => new JsonObjectBuilder()
        .Add("record_version", "1")
        .Add("issuance_id", "iss_" + tokenHash[..4])
        .Add("issued_at", Rfc3339.Format(Start))
        .Add(origin.Name, origin.Value)
        .Add("mapping_hash_b64u", Sha256.B64u(Encoding.UTF8.GetBytes(Mapping)))
        .Add("kid", "kid-1")
        .Add("token_hash", tokenHash)
        .Add("sub", claims.Subject)
        .Add("aud", JsonValue.ArrayOf(claims.Audience))
        .Add("scope", JsonValue.ArrayOf(claims.Scope))
        .Add("iat", claims.IssuedAt)
        .Add("exp", claims.ExpiresAt)
        .AddIfPresent("owner_ref", claims.OwnerRef)
        .AddIfPresent("owner_did", claims.OwnerDid)
        .AddIfPresent("policy_hash_b64u", claims.PolicyHash)
        .AddIfPresent("mission_id", claims.MissionId)
        .AddIfPresent("spend_cap", claims.SpendCap is { } cap ? JsonValue.Of(cap) : null)
        .AddIfPresent("delegation_id", claims.DelegationId)
        .AddIfPresent("delegator_did", claims.DelegatorDid)
        .AddIfPresent("delegate_did", claims.DelegateDid)
        .AddIfPresent("delegation_expires_at", claims.DelegationExpiresAt is { } end ? JsonValue.Of(end) : null)
        .AddIfPresent("token_scope_hash_b64u", claims.TokenScopeHash)
        .Add("jti", "jti-1")
        .Build();

    /// <summary>Gives the content of an issuance's record.</summary>
    public static JsonValue IssuanceContentOf(JsonValue payload, string envelope) => Object(
        ("issuance_id", payload.FindText("issuance_id") ?? ""),
        ("token_hash", payload.FindText("token_hash") ?? ""),
        ("jti", "jti-1"),
        ("sub", payload.FindText("sub") ?? ""),
        ("owner_ref", payload.FindText("owner_ref") ?? ""),
        ("kid", "kid-1"),
        ("policy_hash_b64u", payload.FindText("policy_hash_b64u") ?? ""),
        ("mission_id", payload.FindText("mission_id") ?? ""),
        ("token_scope_hash_b64u", payload.FindText("token_scope_hash_b64u") ?? ""),
        ("issued_at", Instant(0)),
        ("expires_at", Instant(600)),
        ("envelope", envelope));

    private void AddRevocation((int Kind, string Value)? target, double seconds)
    {
        if (target is var (kind, value))
        {
            Add(RecordKinds.Revocation, () => With(Object(("revocation_id", "rev_1"), ("value", value), ("revoked_at", Instant(seconds)), ("revoked_by", "local")), "kind", JsonValue.Of(kind)));
        }
    }

    private void AddDecision(string id, string effect, (string Name, string Value) action, CstClaims claims)
    {
        var content = Decision(Object(
            ("decision_id", id), ("decided_at", Instant(5)), ("effect", effect), ("reason_code", effect is "ALLOW" ? "ALLOWED" : "TOOL_NOT_ALLOWED"), ("token_hash", TokenHash),
            ("token_scope_hash_b64u", claims.TokenScopeHash ?? ""), action, ("policy_hash_b64u", claims.PolicyHash ?? ""), ("run_id", RunId), ("agent_did", Keys.Agent.PublicKey.Did), ("mode", "asynchronous")));
        if (action.Value is "github" && Approval is not null)
        {
            var approval = Approval(content);
            AddDocument("human_approval", approval.PayloadHash, Encoding.UTF8.GetString(approval.Json.Span));
            content = With(content, "approval_hash_b64u", JsonValue.Of(approval.PayloadHash));
        }

        Add(RecordKinds.Decision, () => content);
    }

    private void AddAction(string receiptId, string type, (string Name, string Value) action, CstClaims claims, string? span, string? parent)
    {
        var number = ++_eventCount;
        var decisionId = string.Create(CultureInfo.InvariantCulture, $"dec_{number}");
        AddDecision(decisionId, "ALLOW", action, claims);
        var item = AddEvent(number, type);
        var at = Start + ReportedAfter;
        var binding = Binding(new ReceiptBinding
        {
            RunId = RunId,
            EventHash = item.EventHash,
            Nonce = "n-" + receiptId,
            PolicyHash = claims.PolicyHash,
            TokenScopeHash = claims.TokenScopeHash,
            SpanId = span,
            ParentSpanId = parent,
            DecisionId = decisionId,
        });
        var payload = PayloadOf(receiptId, type, action.Value, binding, at).Value;
        var envelope = Keys.Receipt.SignEnvelope(type, payload, at);
        var json = Encoding.UTF8.GetString(envelope.Json.Span);
        _receipts.Add((type, JsonReader.Parse(envelope.Json.Span, 1 << 20).Value));
        var content = Receipt(Object(
            ("receipt_id", receiptId), ("receipt_type", type), ("run_id", RunId), ("nonce", "n-" + receiptId), ("idempotency_scope", RunId), ("request_fingerprint", AnyHash),
            ("payload_hash_b64u", envelope.PayloadHash), ("token_hash", TokenHash), ("decision_id", decisionId), action, ("provider", type is "gateway_receipt" ? "openai" : ""),
            ("policy_hash_b64u", claims.PolicyHash ?? ""), ("signed_at", Instant(ReportedAfter.TotalSeconds)), ("envelope", json)));
        Add(RecordKinds.Receipt, () => content);
    }

    private RunEvent AddEvent(int number, string type)
    {
        var item = RunEvent.Following(_last, new RunEvent
        {
            EventId = string.Create(CultureInfo.InvariantCulture, $"evt_{number}"),
            RunId = RunId,
            EventType = type,
            Timestamp = Rfc3339.Format(Start.AddSeconds(number)),
            PayloadHash = AnyHash,
            EventHash = "",
        });
        _last = item;
        Add(RecordKinds.Event, () => With(With(
            Object(
                ("run_id", RunId), ("event_id", item.EventId), ("event_type", type), ("timestamp", item.Timestamp), ("payload_hash_b64u", AnyHash), ("prev_hash_b64u", item.PreviousHash ?? ""),
                ("event_hash_b64u", item.EventHash), ("token_hash", TokenHash), ("recorded_at", Instant(number))),
            "segment",
            JsonValue.Of(1)),
            "index",
            JsonValue.Of(number - 1)));
        return item;
    }

    private Core.Faults.Result<JsonValue> PayloadOf(string id, string type, string name, ReceiptBinding binding, DateTimeOffset at) => type switch
    {
        "gateway_receipt" => new GatewayReceipt
        {
            ReceiptId = id,
            GatewayId = Keys.Receipt.PublicKey.Did,
            Provider = "openai",
            Model = name,
            RequestHash = AnyHash,
            ResponseHash = AnyHash,
            TokensInput = 1,
            TokensOutput = 2,
            LatencyMilliseconds = 3,
            Timestamp = at,
            Binding = binding,
        }.ToPayload(),
        "tool_receipt" => new ToolReceipt
        {
            ReceiptId = id,
            ToolName = name,
            AgentDid = Keys.Agent.PublicKey.Did,
            ArgumentsHash = AnyHash,
            ResultHash = AnyHash,
            LatencyMilliseconds = 3,
            Timestamp = at,
            Binding = binding,
        }.ToPayload(),
        _ => new SideEffectReceipt
        {
            ReceiptId = id,
            AgentDid = Keys.Agent.PublicKey.Did,
            EffectClass = "network_egress",
            TargetHash = Sha256.OfCanonical(JsonValue.Of(name)),
            RequestHash = AnyHash,
            ResponseHash = AnyHash,
            LatencyMilliseconds = 3,
            Timestamp = at,
            Binding = binding,
        }.ToPayload(),
    };

    private EvidenceFile Pack()
    {
        var records = new List<EvidenceRecord>();
        var previous = new byte[32];
        foreach (var (kind, content) in _records)
        {
            // The first record's place is not the ledger's first: other runs came before, which nobody here may see.
            var record = new EvidenceRecord(records.Count + 1, kind, Base64UrlText.Encode(previous), JsonWriter.CanonicalText(content()));
            records.Add(record);
            previous = record.ComputeHash();
        }

        var seal = Seal(With(With(With(With(With(With(
            Object(
                ("run_id", RunId), ("sealed_at", Instant(20)), ("state", "finished"), ("last_event_hash_b64u", _last?.EventHash ?? ""),
                ("records_root_b64u", Base64UrlText.Encode(MerkleTree.RootOf(records.Select(static record => (ReadOnlyMemory<byte>)record.ComputeHash()))))),
            "segment_count", JsonValue.Of(1)),
            "event_count", JsonValue.Of(_eventCount)),
            "receipt_count", JsonValue.Of(_receipts.Count)),
            "decision_count", JsonValue.Of(records.Count(static record => record.Kind is RecordKinds.Decision))),
            "refusal_count", JsonValue.Of(1)),
            "record_count", JsonValue.Of(records.Count)));
        records.Add(new EvidenceRecord(records.Count + 1, RecordKinds.Seal, Base64UrlText.Encode(previous), JsonWriter.CanonicalText(seal)));
        return new LogBuilder(Keys, records).Build(RunId, [Export()], _receipts.Select(static receipt => receipt.Envelope.FindText("payload_hash_b64u") ?? "").ToList());
    }

    private JsonValue Export()
    {
        var events = _records.Where(static record => record.Kind is RecordKinds.Event)
            .Select(static record => record.Content())
            .Select(static content => new RunEvent
            {
                EventId = content.FindText("event_id") ?? "",
                RunId = content.FindText("run_id") ?? "",
                EventType = content.FindText("event_type") ?? "",
                Timestamp = content.FindText("timestamp") ?? "",
                PayloadHash = content.FindText("payload_hash_b64u") ?? "",
                PreviousHash = content.FindText("prev_hash_b64u"),
                EventHash = content.FindText("event_hash_b64u") ?? "",
            });
        var payload = new ProofBundle
        {
            BundleId = "bundle_1",
            AgentDid = Keys.Agent.PublicKey.Did,
            Events = [.. events],
            GatewayReceipts = [.. Of("gateway_receipt")],
            ToolReceipts = [.. Of("tool_receipt")],
            SideEffectReceipts = [.. Of("side_effect_receipt").Select(static envelope => envelope.Find("payload") ?? JsonValue.Null)],
        }.ToPayload();
        Assert.True(payload.IsValid, payload.IsValid ? "" : payload.Faults[0].Message);
        return (Exporter ?? Keys.Receipt).SignExport(new ExportBundle
        {
            ExportId = "exp_1",
            CreatedAt = Start.AddMinutes(30),
            IssuerDid = (Exporter ?? Keys.Receipt).PublicKey.Did,
            ProofBundleEnvelope = JsonReader.Parse(Keys.Agent.SignEnvelope("proof_bundle", payload.Value, Start.AddMinutes(30)).Json.Span, 1 << 20).Value,
        });
    }

    private IEnumerable<JsonValue> Of(string type) => _receipts.Where(receipt => receipt.Type == type).Select(static receipt => receipt.Envelope);
}
