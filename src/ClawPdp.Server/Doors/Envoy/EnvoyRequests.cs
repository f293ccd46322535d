using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using ClawPdp.Core.Encoding;
using ClawPdp.Protocols.Envoy;
using ClawPdp.Server.Doors.Http;
using ClawPdp.Server.Grpc;

namespace ClawPdp.Server.Doors.Envoy;

/// <summary>Reads what Envoy tells of a request.</summary>
internal static class EnvoyRequests
{
    /// <summary>The context extension that says where the host comes from, for one route.</summary>
    public const string HostFrom = "host_from";

    /// <summary>The context extension that says where the token comes from, for one route.</summary>
    public const string TokenFrom = "token_from";

    private const string Authority = ":authority";
    private const string Method = ":method";
    private const string Path = ":path";
    private const int KeyShownMax = 64;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Makes a question of it.</summary>
    /// <param name="request">What Envoy sent.</param>
    /// <param name="rules">The door's own rules.</param>
    public static HttpReading Read(CheckRequest request, HttpRules rules)
    {
        if (request.Attributes?.Request?.Http is not { } http)
        {
            return HttpReading.Of(new RequestFault("attributes.request.http", "required"));
        }

        if (!TryReadRules(request.Attributes.ContextExtensions, rules, out var own, out var fault) || !TryReadHeaders(http, out var headers, out fault))
        {
            return HttpReading.Of(fault);
        }

        var shape = new HttpShape { Headers = headers, Rules = own };
        shape = shape with
        {
            Destination = OneOf(http.Host, shape.ValuesOf(Authority)),
            Method = OneOf(http.Method, shape.ValuesOf(Method)),
            Target = OneOf(http.Path, shape.ValuesOf(Path)),
            Scheme = http.Scheme,
        };
        return HttpQuestion.Read(shape);
    }

    private static bool TryReadRules(IDictionary<string, string> extensions, HttpRules rules, out HttpRules own, [NotNullWhen(false)] out RequestFault? fault)
    {
        own = rules;
        fault = null;
        foreach (var (key, value) in extensions)
        {
            if (TryApply(own, key, value) is { } next)
            {
                own = next;
                continue;
            }

            fault = new RequestFault($"context_extensions.{Shown(key)}", "unknown key, or a value that it does not have");
            return false;
        }

        return true;
    }

    private static HttpRules? TryApply(HttpRules rules, string key, string value) => key switch
    {
        HostFrom => HttpRules.TryParseHost(value, out var host) ? rules with { Host = host.Value } : null,
        TokenFrom => HttpRules.TryParseToken(value, out var token) ? rules with { Token = token.Value } : null,
        _ => value.Length > 0 && HttpFields.OperatorNames.Contains(key, StringComparer.Ordinal) ? rules with { Statements = rules.Statements.SetItem(key, value) } : null,
    };

    private static bool TryReadHeaders(
        AttributeContext.Types.HttpRequest http,
        out ImmutableArray<KeyValuePair<string, string>> headers,
        [NotNullWhen(false)] out RequestFault? fault)
    {
        var read = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var (name, value) in http.Headers)
        {
            read.Add(new(name.ToLowerInvariant(), value));
        }

        fault = null;
        foreach (var header in http.HeaderMap?.Headers ?? [])
        {
            var name = header.Key.ToLowerInvariant();
            if (!TryReadValue(header, out var value))
            {
                fault ??= IsRead(name) ? new RequestFault(Shown(name), "not UTF-8, or two values in one") : null;
                continue;
            }

            read.Add(new(name, value));
        }

        headers = read.ToImmutable();
        return fault is null;
    }

    private static bool TryReadValue(HeaderValue header, out string value)
    {
        value = header.Value;
        if (header.RawValue.IsEmpty)
        {
            return true;
        }

        try
        {
            var raw = Strict.GetString(header.RawValue.Span);
            var isOne = value.Length == 0 || string.Equals(value, raw, StringComparison.Ordinal);
            value = raw;
            return isOne;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    // Other headers are the upstream's business, whatever is in them.
    private static bool IsRead(string name) =>
        name is HttpFields.TokenHeader or HttpFields.AuthorizationHeader or Authority or Method or Path || name.StartsWith(HttpFields.Prefix, StringComparison.Ordinal);

    // What a proxy says twice must be the same; joined, two are no host.
    private static string OneOf(string said, IEnumerable<string> pseudo) => string.Join(',', pseudo.Prepend(said).Where(static value => value.Length > 0).Distinct(StringComparer.Ordinal));

    private static string Shown(string key) => VisibleText.Of(key.Length <= KeyShownMax ? key : key[..KeyShownMax]);
}
