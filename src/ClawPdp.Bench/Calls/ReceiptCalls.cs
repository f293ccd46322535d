using ClawPdp.Bench.Plans;
using ClawPdp.Bench.Wire;

namespace ClawPdp.Bench.Calls;

/// <summary><c>SignReceipt</c>: each caller in runs of its own, each receipt with a nonce of its own.</summary>
internal sealed class ReceiptCalls : UnaryCalls
{
    private readonly ReceiptFrames _frames;
    private readonly long[] _counts;
    private readonly byte[][] _runs;

    public ReceiptCalls(BenchPlan plan, ReceiptFrames frames, CallProofs? proofs)
        : base(plan, CallMethods.SignReceipt, frames.LengthMax, proofs)
    {
        _frames = frames;
        _counts = new long[plan.Slots];
        _runs = new byte[plan.Slots][];
    }

    protected override int Write(Span<byte> destination, int slot, long sequence)
    {
        if (_counts[slot] % ReceiptFrames.ReceiptsPerRun == 0)
        {
            _runs[slot] = _frames.RunId(slot, _counts[slot]);
        }

        _counts[slot]++;
        return _frames.Write(destination, sequence, _runs[slot]);
    }

    protected override IEnumerable<int> TokensOf(long sequence) => [_frames.TokenOf(sequence)];

    protected override string? Check(ReadOnlySpan<byte> message, int slot, long sequence) => AnswerCheck.Receipt(message, sequence, _runs[slot]);
}
