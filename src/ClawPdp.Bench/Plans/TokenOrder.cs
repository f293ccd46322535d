namespace ClawPdp.Bench.Plans;

/// <summary>Says which token a question uses: each in its turn, or each once where all must be new to the sidecar.</summary>
public sealed class TokenOrder
{
    /// <summary>The number of the first question of the warm-up; those that are measured count from 0.</summary>
    public const long WarmUpFirst = 1L << 40;

    private readonly int _count;
    private readonly bool _isCold;

    /// <summary>Makes an order.</summary>
    /// <param name="count">How many tokens there are.</param>
    /// <param name="isCold">Whether each is used once; the last one is kept for the warm-up then.</param>
    public TokenOrder(int count, bool isCold)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, isCold ? 2 : 1);
        _count = count;
        _isCold = isCold;
    }

    /// <summary>Gives a question's token.</summary>
    /// <param name="question">The question's number.</param>
    /// <exception cref="InvalidOperationException">Every token has been used once.</exception>
    public int IndexOf(long question)
    {
        if (!_isCold)
        {
            return (int)(question % _count);
        }

        return question >= WarmUpFirst ? _count - 1
            : question < _count - 1 ? (int)question
            : throw new InvalidOperationException("every token has been used once");
    }
}
