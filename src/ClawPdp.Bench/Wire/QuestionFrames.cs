using System.Text;
using ClawPdp.Bench.Plans;

namespace ClawPdp.Bench.Wire;

/// <summary>The bytes of questions, made before the run: a call copies a token and the rest of the question, and writes its number.</summary>
internal sealed class QuestionFrames
{
    private const int TokenField = 1;
    private const int RequestIdField = 12;

    private readonly byte[][] _tokens;
    private readonly byte[] _allowed;
    private readonly byte[] _denied;
    private readonly TokenOrder _order;
    private readonly AnswerMix _mix;

    public QuestionFrames(IReadOnlyList<string> tokens, BenchPlan plan)
    {
        _tokens = [.. tokens.Select(static token => new ProtoBuilder().Bytes(TokenField, Encoding.ASCII.GetBytes(token)).ToArray())];
        _allowed = Rest(plan.Options.Allowed);
        _denied = Rest(plan.Options.Denied);
        _order = new TokenOrder(tokens.Count, plan.Options.IsCold);
        _mix = plan.Mix;
        LengthMax = _tokens.Max(static token => token.Length) + Math.Max(_allowed.Length, _denied.Length) + SequenceId.Length;
    }

    /// <summary>Gets the longest question's length, in bytes.</summary>
    public int LengthMax { get; }

    /// <summary>Gives the place of a question's token.</summary>
    public int TokenOf(long question) => _order.IndexOf(question);

    /// <summary>Tells whether a question must be denied.</summary>
    public bool IsDenied(long question) => _mix.IsDenied(question);

    /// <summary>Gives the length of a question, in bytes.</summary>
    public int LengthOf(long question) => FrameOf(question).Length + RestOf(question).Length + SequenceId.Length;

    /// <summary>Writes a question, as an <c>AuthorizeRequest</c>.</summary>
    /// <returns>How many bytes it took.</returns>
    public int Write(Span<byte> destination, long question)
    {
        var token = FrameOf(question);
        var rest = RestOf(question);
        token.CopyTo(destination);
        rest.CopyTo(destination[token.Length..]);
        var length = token.Length + rest.Length;
        SequenceId.Write(destination[length..], question);
        return length + SequenceId.Length;
    }

    // The request id comes last, so that its digits are the message's end; the order of fields is free.
    private static byte[] Rest(Question question) => new ProtoBuilder()
        .Text(2, question.Tool)
        .Text(3, question.Model)
        .Text(4, question.Host)
        .Text(5, question.PolicyHash)
        .Text(6, question.Provider)
        .Text(13, question.Audience)
        .Head(RequestIdField, SequenceId.Length)
        .ToArray();

    private byte[] FrameOf(long question) => _tokens[TokenOf(question)];

    private byte[] RestOf(long question) => _mix.IsDenied(question) ? _denied : _allowed;
}
