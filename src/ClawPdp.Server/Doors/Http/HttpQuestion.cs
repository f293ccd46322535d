using System.Collections.Immutable;
using System.Text;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Grammar;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Http;
using ClawPdp.V1;
using Google.Protobuf;

namespace ClawPdp.Server.Doors.Http;

/// <summary>
/// Makes a question of a request in HTTP's shape. The proxy says where the request goes, the operator what it is, and the caller what is left:
/// a caller that says otherwise than they do is refused, never overruled in silence. What is not understood is refused by name.
/// </summary>
internal sealed class HttpQuestion
{
    /// <summary>The key under which policies find the request's method, as the proxy states it.</summary>
    public const string MethodKey = "Caller:HttpMethod";

    /// <summary>The key under which policies find the request's path, as <see cref="HttpPath"/> reads it; a longer one than a value may be has no value.</summary>
    public const string PathKey = "Caller:HttpPath";

    private const int NameShownMax = 64;

    private readonly HttpShape _shape;
    private readonly AuthorizeRequest _request = new();
    private readonly RequestCheck _check = new();
    private ImmutableArray<string> _tokenHeaders = [];

    private HttpQuestion(HttpShape shape) => _shape = shape;

    /// <summary>Reads a request.</summary>
    public static HttpReading Read(HttpShape shape)
    {
        var question = new HttpQuestion(shape);
        question.RefuseUnknown();
        question.ReadFields();
        question._request.Cst = question.Token();
        question._request.Host = question.Host();
        question.ReadApprovals();
        question.State(MethodKey, shape.Method);
        question.State(PathKey, HttpPath.Of(shape.Target));
        return new HttpReading(question._request, question._check.Fault, question._tokenHeaders) { Shape = shape };
    }

    private void RefuseUnknown()
    {
        foreach (var (name, _) in _shape.Headers)
        {
            if (name.StartsWith(HttpFields.Prefix, StringComparison.Ordinal) && !HttpFields.IsKnown(name))
            {
                _check.Refuse(Shown(name), "unknown header");
            }
        }
    }

    private void ReadFields()
    {
        foreach (var field in HttpFields.Single)
        {
            var said = Single(field.Header);
            var stated = Stated(field.Name);
            var isOpen = stated.Length == 0 && field.Owner != FieldOwner.Operator;
            if (said.Length > 0 && !isOpen && !string.Equals(said, stated, StringComparison.Ordinal))
            {
                _check.Refuse(field.Header, stated.Length > 0 ? "says otherwise than the operator" : "is stated by the operator alone");
            }

            field.Set(_request, isOpen ? said : stated);
        }
    }

    private string Token()
    {
        var own = Single(HttpFields.TokenHeader);
        if (_shape.Rules.Token == TokenSource.OwnHeader)
        {
            return Take(own, HttpFields.TokenHeader);
        }

        var bearer = Bearer();
        if (own.Length == 0)
        {
            return Take(bearer, HttpFields.AuthorizationHeader);
        }

        if (_shape.Rules.Token == TokenSource.Authorization)
        {
            _check.Refuse(HttpFields.TokenHeader, "the token is expected in authorization");
        }
        else if (bearer.Length > 0 && !string.Equals(bearer, own, StringComparison.Ordinal))
        {
            _check.Refuse(HttpFields.TokenHeader, "says otherwise than authorization");
        }

        return bearer.Length > 0 ? Take(own, HttpFields.TokenHeader, HttpFields.AuthorizationHeader) : Take(own, HttpFields.TokenHeader);
    }

    private string Take(string token, params ReadOnlySpan<string> headers)
    {
        _tokenHeaders = token.Length > 0 ? [.. headers] : [];
        return token;
    }

    private string Bearer()
    {
        var values = _shape.ValuesOf(HttpFields.AuthorizationHeader).ToArray();
        if (values.Length > 1)
        {
            _check.Refuse(HttpFields.AuthorizationHeader, "stands more than once");
        }

        // Another scheme is somebody else's credential; it is no token.
        return values is [var value, ..] ? BearerText.FindToken(value) ?? "" : "";
    }

    private string Host()
    {
        var said = Single(HttpFields.HostHeader);
        var stated = Stated(HttpFields.Host);
        if (stated.Length == 0 && _shape.Rules.Host == HostSource.Header)
        {
            return said;
        }

        var asked = stated.Length > 0 ? stated : _shape.Rules.Host == HostSource.Destination ? _shape.Destination : "";
        if (asked.Length == 0 && _shape.Rules.Host == HostSource.Destination)
        {
            _check.Refuse("destination", "the proxy names no host");
        }
        else if (said.Length > 0 && !IsSameHost(asked, said))
        {
            _check.Refuse(HttpFields.HostHeader, asked.Length == 0 ? "no host is asked for here" : "says otherwise than the proxy");
        }

        return asked;
    }

    // A caller may leave the port out; one that it names must be the one.
    private static bool IsSameHost(string asked, string said) =>
        string.Equals(asked, said, StringComparison.Ordinal)
        || (HostName.TryParse(asked, out var real) && HostName.TryParse(said, out var claimed)
            && string.Equals(real.Value.Name, claimed.Value.Name, StringComparison.Ordinal)
            && (claimed.Value.Port is null || claimed.Value.Port == real.Value.Port));

    private void ReadApprovals()
    {
        foreach (var text in _shape.ValuesOf(HttpFields.ApprovalHeader).SelectMany(static value => value.Split(',', StringSplitOptions.TrimEntries)))
        {
            if (Base64UrlText.TryDecode(text, out var approval) && approval.Length > 0)
            {
                _request.Approvals.Add(ByteString.CopyFrom(approval));
            }
            else
            {
                _check.Refuse(HttpFields.ApprovalHeader, "not base64url");
            }
        }
    }

    private void State(string key, string value)
    {
        // What is too long has no value: a condition on it cannot be evaluated, and that never allows.
        if (value.Length > 0 && Encoding.UTF8.GetByteCount(value) <= RequestLimits.ContextValueMax)
        {
            _request.Context[key] = value;
        }
    }

    private string Stated(string name) => _shape.Rules.Statements.GetValueOrDefault(name, "");

    // Proxies join what stands twice with a comma, so that a comma is a second value as well.
    private string Single(string header)
    {
        var values = _shape.ValuesOf(header).ToArray();
        if (values.Length > 1 || (values is [var joined] && joined.Contains(',', StringComparison.Ordinal)))
        {
            _check.Refuse(header, "one value is expected");
        }

        return values is [var value, ..] ? value : "";
    }

    private static string Shown(string name) => VisibleText.Of(name.Length <= NameShownMax ? name : name[..NameShownMax]);
}
