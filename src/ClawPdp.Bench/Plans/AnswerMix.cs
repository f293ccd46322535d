namespace ClawPdp.Bench.Plans;

/// <summary>Says which questions must be denied: the share of them, spread evenly, the same in every run.</summary>
public sealed class AnswerMix
{
    private readonly double _denyShare;

    /// <summary>Makes a mix.</summary>
    /// <param name="denyShare">The share of questions that must be denied: 0 to 1.</param>
    public AnswerMix(double denyShare)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(denyShare, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(denyShare, 1);
        _denyShare = denyShare;
    }

    /// <summary>Tells whether a question must be denied.</summary>
    /// <param name="sequence">The question's place, from 0. Of the first n, n times the share are denied, rounded down.</param>
    public bool IsDenied(long sequence) => Math.Floor((sequence + 1) * _denyShare) > Math.Floor(sequence * _denyShare);
}
