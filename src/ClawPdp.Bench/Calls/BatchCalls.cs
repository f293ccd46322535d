using ClawPdp.Bench.Plans;
using ClawPdp.Bench.Wire;

namespace ClawPdp.Bench.Calls;

/// <summary><c>AuthorizeBatch</c>: many questions a call.</summary>
internal sealed class BatchCalls : UnaryCalls
{
    private const int HeadLengthMax = 6;
    private const byte RequestsTag = (1 << 3) | 2;

    private readonly QuestionFrames _frames;
    private readonly int _size;

    public BatchCalls(BenchPlan plan, QuestionFrames frames, CallProofs? proofs)
        : base(plan, CallMethods.AuthorizeBatch, plan.Options.Batch * (frames.LengthMax + HeadLengthMax), proofs)
    {
        _frames = frames;
        _size = plan.Options.Batch;
    }

    protected override int Write(Span<byte> destination, int slot, long sequence)
    {
        var at = 0;
        for (var index = 0; index < _size; index++)
        {
            var question = First(sequence) + index;
            destination[at++] = RequestsTag;
            at += ProtoBuilder.WriteVarint(destination[at..], (uint)_frames.LengthOf(question));
            at += _frames.Write(destination[at..], question);
        }

        return at;
    }

    protected override IEnumerable<int> TokensOf(long sequence) => Enumerable.Range(0, _size).Select(index => _frames.TokenOf(First(sequence) + index)).Distinct();

    protected override string? Check(ReadOnlySpan<byte> message, int slot, long sequence) => AnswerCheck.Batch(message, First(sequence), _size, _frames);

    // The warm-up's questions have numbers of their own.
    private long First(long sequence) => sequence < TokenOrder.WarmUpFirst ? sequence * _size : TokenOrder.WarmUpFirst + ((sequence - TokenOrder.WarmUpFirst) * _size);
}
