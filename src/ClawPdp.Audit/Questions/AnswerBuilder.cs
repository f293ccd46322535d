using System.Collections.Immutable;
using ClawPdp.Audit.Reports;

namespace ClawPdp.Audit.Questions;

/// <summary>Collects the answer to one question.</summary>
internal sealed class AnswerBuilder
{
    private const int ProblemCountMax = 100;

    private readonly ImmutableArray<AuditProblem>.Builder _problems = ImmutableArray.CreateBuilder<AuditProblem>();
    private readonly ImmutableArray<(string Name, string Value)>.Builder _evidence = ImmutableArray.CreateBuilder<(string, string)>();
    private int _missing;

    /// <summary>Gets a value indicating whether nothing is wrong so far.</summary>
    public bool IsSound => _problems.Count == 0;

    /// <summary>Adds a problem; of very many, the first hundred are kept.</summary>
    public void Fail(string code, string message, long sequence = 0)
    {
        if (_problems.Count < ProblemCountMax)
        {
            _problems.Add(new AuditProblem(code, message, sequence));
        }
    }

    /// <summary>Says that something which the answer needs is not there.</summary>
    public void Miss(string code, string message, long sequence = 0)
    {
        _missing += _problems.Count < ProblemCountMax ? 1 : 0;
        Fail(code, message, sequence);
    }

    /// <summary>Adds what the answer rests on.</summary>
    public void Show(string name, string value)
    {
        if (value.Length > 0)
        {
            _evidence.Add((name, value));
        }
    }

    /// <summary>Gives the answer.</summary>
    /// <param name="id">The stable name.</param>
    /// <param name="question">The question in words.</param>
    /// <param name="good">What is said when nothing is wrong.</param>
    public AuditAnswer Build(string id, string question, string good) => new()
    {
        Id = id,
        Question = question,
        Status = IsSound ? AnswerStatus.Holds : _missing == _problems.Count ? AnswerStatus.NotAnswered : AnswerStatus.Fails,
        Answer = IsSound ? good : _problems[0].Message,
        Problems = _problems.ToImmutable(),
        Evidence = _evidence.ToImmutable(),
    };
}
