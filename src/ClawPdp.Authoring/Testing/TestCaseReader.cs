using System.Collections.Frozen;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using ClawPdp.Core.Tokens;

namespace ClawPdp.Authoring.Testing;

/// <summary>Reads the cases of a test file, a closed schema.</summary>
internal sealed class TestCaseReader
{
    private const int NameLengthMax = 256;
    private const int ValueLengthMax = 512;
    private const int StatementCountMax = 512;

    // Counts only where no policy looks at the clock: elsewhere a case must say its instant.
    private static readonly DateTimeOffset AtDefault = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly FrozenDictionary<string, ReasonCode> Reasons = Enum.GetValues<ReasonCode>()
        .Where(static code => code != ReasonCode.Unspecified)
        .ToFrozenDictionary(ReasonCatalog.NameOf, static code => code, StringComparer.Ordinal);

    private readonly JsonCursor? _defaults;
    private readonly string _directory;
    private readonly ICollection<string> _files;

    /// <summary>Initializes a new instance of the <see cref="TestCaseReader"/> class.</summary>
    /// <param name="defaults">What cases that say nothing else have; <see langword="null"/> for nothing.</param>
    /// <param name="directory">The folder that names of files start from.</param>
    /// <param name="files">Receives the files that are read.</param>
    public TestCaseReader(JsonCursor? defaults, string directory, ICollection<string> files)
    {
        _defaults = defaults;
        _directory = directory;
        _files = files;
        _ = defaults?.IsObjectOf("claims", "action", "at", "context");
    }

    /// <summary>Reads a case.</summary>
    public PolicyTestCase Read(JsonCursor item)
    {
        _ = item.IsObjectOf("name", "claims", "token", "action", "at", "context", "approved", "expect");
        var members = new TestMember(item, _defaults);
        var action = members.Object("action");
        CheckAction(item, action);
        var statesInstant = members.Optional("at") is not null;
        var at = ReadInstant(members.Optional("at")) ?? AtDefault;
        return new PolicyTestCase
        {
            Name = item.Required("name")?.AsText(NameLengthMax) ?? "",
            Pointer = item.Pointer,
            Line = item.Value.Line,
            Claims = ReadClaims(item, members, at),
            Tool = action.Optional("tool")?.AsText(ValueLengthMax),
            Model = action.Optional("model")?.AsText(ValueLengthMax),
            Provider = action.Optional("provider")?.AsText(ValueLengthMax),
            Host = action.Optional("host")?.AsText(ValueLengthMax),
            ArgumentsHash = action.Optional("args_hash_b64u")?.AsText(ValueLengthMax),
            At = at,
            StatesInstant = statesInstant,
            Stated = ReadContext(members.Object("context")),
            IsApproved = item.Optional("approved")?.AsBoolean() ?? false,
            Expectation = ReadExpectation(item.Required("expect")),
        };
    }

    private static void CheckAction(JsonCursor item, TestMember action)
    {
        action.IsObjectOf("tool", "model", "provider", "host", "args_hash_b64u");
        if (action.Optional("tool") is null && action.Optional("model") is null && action.Optional("host") is null)
        {
            item.RefuseMember("action", "none of `tool`, `model` and `host` is asked for");
        }
    }

    private static DateTimeOffset? ReadInstant(JsonCursor? member)
    {
        if (member?.AsText(64) is not { } text)
        {
            return null;
        }

        if (Rfc3339.TryParse(text, out var instant))
        {
            return instant;
        }

        member.Refuse("a date-time is expected", "such as 2026-01-05T09:00:00Z (RFC 3339)");
        return null;
    }

    private static FrozenDictionary<string, string> ReadContext(TestMember context)
    {
        var stated = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in context.Names())
        {
            var member = context.Optional(name);
            if (!ContextKey.TryParse(name, out var key) || !key.IsStated)
            {
                member?.Refuse("a caller cannot state that", $"Receipt:ProofTier, Receipt:GatewayDid, or `{ContextKey.StatedPrefix}NAME`; the rest follows from `claims`, `action`, `at` and `approved`");
            }
            else if (member?.AsText(ValueLengthMax, lengthMin: 0) is { } value)
            {
                stated.Add(name, value);
            }
        }

        return stated.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static PolicyTestExpectation ReadExpectation(JsonCursor? member)
    {
        _ = member?.IsObjectOf("effect", "reason", "sids");
        var sids = member?.Optional("sids");
        return new PolicyTestExpectation(
            ReadEffect(member?.Required("effect")),
            ReadReason(member?.Optional("reason")),
            sids is null ? null : [.. sids.AsArray(StatementCountMax).Select(static sid => sid.AsText(NameLengthMax)).OfType<string>()]);
    }

    private static Effect ReadEffect(JsonCursor? member)
    {
        switch (member?.AsText(NameLengthMax))
        {
            case "allow":
                return Effect.Allow;
            case "deny":
                return Effect.Deny;
            case null:
                return Effect.Unspecified;
            default:
                member.Refuse("unknown value", "one of allow, deny");
                return Effect.Unspecified;
        }
    }

    private static ReasonCode? ReadReason(JsonCursor? member)
    {
        if (member?.AsText(NameLengthMax) is not { } text)
        {
            return null;
        }

        if (Reasons.TryGetValue(text, out var reason))
        {
            return reason;
        }

        member.Refuse("no reason is called that", "the codes stand in docs/reason-codes.md");
        return null;
    }

    private CstClaims ReadClaims(JsonCursor item, TestMember members, DateTimeOffset at)
    {
        if (item.Optional("token") is not { } token)
        {
            return TestClaimsReader.Read(members.Object("claims"), at);
        }

        if (item.Optional("claims") is not null)
        {
            token.Refuse("a case has either a token or claims");
        }

        return TestClaimsReader.ReadToken(token, _directory, _files) ?? TestClaimsReader.Read(default, at);
    }
}
