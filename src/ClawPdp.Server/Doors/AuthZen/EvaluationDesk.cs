using System.Text;
using ClawPdp.Engine.Decisions;
using ClawPdp.Ledger;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Grpc;
using ClawPdp.V1;

namespace ClawPdp.Server.Doors.AuthZen;

/// <summary>
/// Answers one question of AuthZEN by asking the core's own. The subject of a question is never believed: it is that of a CST which the question
/// brings along, or the answer is no.
/// </summary>
internal sealed class EvaluationDesk
{
    private const string AnotherSubject = "subject.id: not the subject of the token";

    private readonly QuestionDesk _desk;
    private readonly ExplanationDesk _explanations;
    private readonly DecisionEngine _engine;
    private readonly TimeProvider _time;

    public EvaluationDesk(QuestionDesk desk, ExplanationDesk explanations, DecisionEngine engine, TimeProvider time)
    {
        _desk = desk;
        _explanations = explanations;
        _engine = engine;
        _time = time;
    }

    /// <summary>Answers a question, and records the answer.</summary>
    public async ValueTask<AuthorizeResponse> AnswerAsync(AccessQuestion question, AccessCaller caller)
    {
        if (AccessMapping.Write(question, caller, out var request) is { Length: > 0 } fault)
        {
            return await RefuseAsync(question, fault, caller);
        }

        var subject = SubjectOf(request.Cst);
        if (subject is not null && !IsSame(subject, question))
        {
            return await RefuseAsync(question, AnotherSubject, caller);
        }

        var answer = await _desk.AnswerAsync(request, caller.Asker);

        // A token that could not be looked at a moment ago may be good now; whose it is was not compared then.
        return subject is null && answer.Effect != Effect.Deny ? await RefuseAsync(question, AnotherSubject, caller) : answer;
    }

    /// <summary>Denies what is no question, and records that.</summary>
    public ValueTask<AuthorizeResponse> RefuseAsync(string fault, AccessCaller caller) => _desk.RefuseAsync(IdOf(caller), fault, caller.Asker);

    /// <summary>Tells whether a question would be allowed now; records nothing.</summary>
    /// <param name="question">The question; its action may be empty.</param>
    /// <param name="caller">What came beside it.</param>
    public bool IsAllowed(AccessQuestion question, AccessCaller caller)
    {
        if (AccessMapping.Write(question, caller, out var request).Length > 0
            || AuthorizeRequestCheck.Check(request) is not null
            || SubjectOf(request.Cst) is not { } subject
            || !IsSame(subject, question))
        {
            return false;
        }

        // INVARIANT: no approval is given, so that what is found is what holds without one.
        request.Approvals.Clear();
        return _explanations.Explain(WireDecisions.Read(request).By(caller.Asker).Question, new DecisionTrace()).Decision.Effect == Core.Decisions.Effect.Allow;
    }

    private static bool IsSame(string subject, AccessQuestion question) => string.Equals(subject, question.SubjectId, StringComparison.Ordinal);

    private static string IdOf(AccessCaller caller) => caller.RequestId.Length <= RequestLimits.IdentifierMax ? caller.RequestId : "";

    private ValueTask<AuthorizeResponse> RefuseAsync(AccessQuestion question, string fault, AccessCaller caller) =>
        _desk.RefuseAsync(AccessMapping.RequestIdOf(question, caller), fault, caller.Asker);

    private string? SubjectOf(string token)
    {
        if (token.Length == 0 || Encoding.UTF8.GetByteCount(token) > RequestLimits.CstMax)
        {
            return null;
        }

        try
        {
            return _engine.Inspect(token, _time.GetUtcNow()).Token?.Claims.Subject;
        }
        catch (LedgerException)
        {
            return null;
        }
    }
}
