using ClawPdp.Bench.Plans;
using ClawPdp.Bench.Wire;

namespace ClawPdp.Bench.Calls;

/// <summary><c>Authorize</c>: one question a call.</summary>
internal sealed class AuthorizeCalls : UnaryCalls
{
    private readonly QuestionFrames _frames;

    public AuthorizeCalls(BenchPlan plan, QuestionFrames frames, CallProofs? proofs)
        : base(plan, CallMethods.Authorize, frames.LengthMax, proofs)
    {
        _frames = frames;
    }

    protected override int Write(Span<byte> destination, int slot, long sequence) => _frames.Write(destination, sequence);

    protected override IEnumerable<int> TokensOf(long sequence) => [_frames.TokenOf(sequence)];

    protected override string? Check(ReadOnlySpan<byte> message, int slot, long sequence) => AnswerCheck.Decision(message, sequence, _frames.IsDenied(sequence));
}
