using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Identifiers;
using ClawPdp.Core.Json;
using ClawPdp.Core.Tokens;

namespace ClawPdp.Core.Mappings;

/// <summary>Reads the entries of the mapping file.</summary>
internal sealed class ScopeMappingReader
{
    private const int GroupLengthMax = 256;
    private const int LabelLengthMax = 128;
    private const int AgentCountMax = 1_000;
    private const int AudienceCountMax = 64;
    private const int AudienceLengthMax = 256;
    private const int LifetimeMaxSeconds = 86_400;

    private readonly ScopeMappingOptions _options;
    private readonly PolicyPin? _commonPin;
    private readonly HashSet<string> _groups = new(StringComparer.Ordinal);

    public ScopeMappingReader(ScopeMappingOptions options, PolicyPin? commonPin)
    {
        _options = options;
        _commonPin = commonPin;
    }

    public static PolicyPin? ReadPin(JsonCursor? pin)
    {
        if (pin is null || !pin.IsObjectOf("policy_hash_b64u", "policy_version"))
        {
            return null;
        }

        var member = pin.Required("policy_hash_b64u");
        var hash = member?.AsText(LabelLengthMax);
        if (hash is not null && !Base64UrlText.IsSha256(hash))
        {
            member?.Refuse("a policy hash is 43 canonical base64url characters", "clawpdp policy hash FILE prints it");
            return null;
        }

        var label = pin.Optional("policy_version")?.AsText(LabelLengthMax);
        return hash is null ? null : new PolicyPin(hash, label);
    }

    public ScopeMapping? Read(JsonCursor item)
    {
        if (!item.IsObjectOf("okta_group", "group", "cst_claims", "policy_pin", "scopes", "agents", "audiences"))
        {
            return null;
        }

        var group = ReadGroup(item);
        var claims = item.Required("cst_claims");
        var pin = item.Optional("policy_pin") is { } own ? ReadPin(own) : _commonPin;
        var plain = ReadItems(item.Optional("scopes"), "", ReadPlainScope);
        var agents = ReadTexts(item.Optional("agents"), AgentCountMax, Did.LengthMax, static text => Did.IsValid(text), "not a DID");
        var audiences = ReadTexts(item.Optional("audiences"), AudienceCountMax, AudienceLengthMax, static text => text.AsSpan().Trim().Length == text.Length, "white space at an end");
        if (claims is null || !claims.IsObjectOf("allowed_tools", "allowed_models", "egress_allowlist", "max_ttl_seconds"))
        {
            return null;
        }

        ImmutableArray<string> items =
        [
            .. ReadItems(claims.Optional("allowed_tools"), GrantedScope.ToolPrefix, text => Normal(ToolPattern.Parse(text, _options.AllowWildcards), static pattern => pattern.Text)),
            .. ReadItems(claims.Optional("allowed_models"), GrantedScope.ModelPrefix, text => Normal(ModelPattern.Parse(text, _options.AllowWildcards), static pattern => pattern.Text)),
            .. ReadItems(claims.Optional("egress_allowlist"), GrantedScope.EgressPrefix, text => Normal(HostPattern.Parse(text, _options.AllowWildcards), static pattern => pattern.Text)),
            .. plain,
        ];
        var lifetime = claims.Required("max_ttl_seconds")?.AsInteger(1, LifetimeMaxSeconds);
        if (items.IsEmpty)
        {
            claims.Refuse("nothing is granted", "name at least one of allowed_tools, allowed_models, egress_allowlist or scopes");
        }

        return group is null || lifetime is null ? null : new ScopeMapping
        {
            Group = group,
            ScopeItems = [.. items.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            LifetimeMaxSeconds = (int)Math.Min(lifetime.Value, _options.LifetimeMaxSeconds),
            Pin = pin,
            Agents = agents,
            Audiences = audiences,
        };
    }

    // The normal form of an item, or the fault's message in its place.
    private static (string? Text, string Fault) Normal<T>(Result<T> parsed, Func<T, string> textOf)
        where T : class =>
        parsed.TryGet(out var pattern) ? (textOf(pattern), "") : (null, parsed.Faults[0].Message);

    private static ImmutableArray<string> ReadItems(JsonCursor? list, string prefix, Func<string, (string? Text, string Fault)> parse)
    {
        var items = ImmutableArray.CreateBuilder<string>();
        foreach (var item in list?.AsArray(CstLimits.ScopeItemCountMax, 1) ?? [])
        {
            if (item.AsText(CstLimits.ScopeItemLengthMax - prefix.Length) is not { } text)
            {
                continue;
            }

            var (normal, fault) = parse(text);
            if (normal is null)
            {
                item.Refuse(fault, fault.Contains('*', StringComparison.Ordinal) ? "see allow_wildcards" : null);
            }
            else if (prefix.Length + normal.Length > CstLimits.ScopeItemLengthMax)
            {
                item.Refuse($"the scope item would be longer than {CstLimits.ScopeItemLengthMax} characters");
            }
            else
            {
                items.Add(prefix + normal);
            }
        }

        return items.ToImmutable();
    }

    private static ImmutableArray<string> ReadTexts(JsonCursor? list, int countMax, int lengthMax, Func<string, bool> isValid, string fault)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var item in list?.AsArray(countMax, 1) ?? [])
        {
            if (item.AsText(lengthMax) is not { } text)
            {
                continue;
            }

            if (!isValid(text))
            {
                item.Refuse(fault);
            }

            texts.Add(text);
        }

        return texts.ToImmutable();
    }

    private string? ReadGroup(JsonCursor item)
    {
        var okta = item.Optional("okta_group");
        var neutral = item.Optional("group");
        if (okta is null == neutral is null)
        {
            item.Refuse("exactly one of `okta_group` and `group` is expected");
            return null;
        }

        var member = okta ?? neutral;
        var group = member?.AsText(GroupLengthMax);
        if (group is not null && !_groups.Add(group))
        {
            member?.Refuse("the group is mapped twice");
        }

        return group;
    }

    private (string? Text, string Fault) ReadPlainScope(string text)
    {
        if (GrantedScope.IsOurs(text))
        {
            return (null, "tools, models and hosts belong in cst_claims");
        }

        if (text.Any(static unit => unit is <= ' ' or > '~'))
        {
            return (null, "a scope is printable ASCII without spaces");
        }

        // These open control routes, here and at public services: an operator has to say that they are meant.
        if (text.StartsWith("control:", StringComparison.Ordinal) && !_options.AllowControlScopes)
        {
            return (null, "control scopes are not granted here; `allow_control_scopes` lets a group have them");
        }

        return text.Contains('*', StringComparison.Ordinal) && !_options.AllowWildcards
            ? (null, "`*` in a scope is not allowed here")
            : (text, "");
    }
}
