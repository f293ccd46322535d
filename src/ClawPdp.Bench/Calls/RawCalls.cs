using ClawPdp.Bench.Plans;

namespace ClawPdp.Bench.Calls;

/// <summary>Any unary method with the same bytes each time.</summary>
internal sealed class RawCalls : UnaryCalls
{
    /// <summary>What an answer without the expected bytes counts as.</summary>
    public const string Unexpected = "UNEXPECTED_ANSWER";

    private readonly RawRequest _request;

    public RawCalls(BenchPlan plan, RawRequest request)
        : base(plan, request.Method, request.Body.Length, proofs: null)
    {
        _request = request;
    }

    protected override int Write(Span<byte> destination, int slot, long sequence)
    {
        _request.Body.Span.CopyTo(destination);
        return _request.Body.Length;
    }

    protected override IEnumerable<int> TokensOf(long sequence) => [];

    protected override string? Check(ReadOnlySpan<byte> message, int slot, long sequence)
    {
        var expected = _request.Expected.Span;
        return (_request.IsWhole ? message.SequenceEqual(expected) : message.IndexOf(expected) >= 0) ? null : Unexpected;
    }
}
