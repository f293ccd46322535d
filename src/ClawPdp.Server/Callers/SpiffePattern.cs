namespace ClawPdp.Server.Callers;

/// <summary>
/// Which SPIFFE ids are accepted: one exactly, or with <c>/*</c> at the end whatever lies below a path, or below a trust domain. A prefix
/// ends at a segment's border: <c>spiffe://a/ops/*</c> takes in <c>spiffe://a/ops/x/y</c>, and neither <c>spiffe://a/ops</c> nor <c>spiffe://a/opsx</c>.
/// </summary>
internal sealed class SpiffePattern
{
    private const string Rest = "/*";

    private readonly string _text;
    private readonly bool _isPrefix;

    private SpiffePattern(string text, bool isPrefix)
    {
        _text = text;
        _isPrefix = isPrefix;
    }

    /// <summary>Reads a pattern; <see langword="null"/> when it is none.</summary>
    public static SpiffePattern? Parse(string text)
    {
        if (!text.EndsWith(Rest, StringComparison.Ordinal))
        {
            return SpiffeId.IsValid(text) ? new SpiffePattern(text, isPrefix: false) : null;
        }

        var head = text[..^Rest.Length];
        var isWholeDomain = head.StartsWith(SpiffeId.Scheme, StringComparison.Ordinal) && SpiffeId.IsTrustDomain(head.AsSpan(SpiffeId.Scheme.Length));
        return isWholeDomain || SpiffeId.IsValid(head) ? new SpiffePattern(head + "/", isPrefix: true) : null;
    }

    /// <summary>Tells whether a valid id is accepted.</summary>
    public bool Accepts(string id) => _isPrefix ? id.StartsWith(_text, StringComparison.Ordinal) : string.Equals(id, _text, StringComparison.Ordinal);
}
