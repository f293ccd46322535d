using ClawPdp.Core.Json;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Http;

namespace ClawPdp.Server.Doors.AuthZen;

/// <summary>Serves the Access Evaluation and Access Evaluations APIs. A denial is 200; a status of 400 says that there was no question.</summary>
internal static class EvaluationEndpoints
{
    /// <summary>Answers one question.</summary>
    public static async Task EvaluateAsync(HttpContext context)
    {
        if (await AccessBody.ReadCallerAsync(context) is { } caller && await AccessBody.ReadAsync(context, AccessBody.SingleMaxBytes) is { } body)
        {
            await EvaluateAsync(context, body, caller);
        }
    }

    /// <summary>Answers many questions.</summary>
    public static async Task EvaluateManyAsync(HttpContext context)
    {
        if (await AccessBody.ReadCallerAsync(context) is not { } caller || await AccessBody.ReadAsync(context, RequestLimits.MessageMax) is not { } body)
        {
            return;
        }

        var items = AccessReader.Given(body, "evaluations");
        if (items is null or { Kind: JsonKind.Array, Items.IsEmpty: true })
        {
            await EvaluateAsync(context, body, caller);
        }
        else if (FaultOf(body, items, out var semantic) is { Length: > 0 } fault)
        {
            await AccessBody.RefuseAsync(context, fault);
        }
        else
        {
            var desk = context.RequestServices.GetRequiredService<EvaluationsDesk>();
            await HttpJson.WriteAsync(context, await desk.AnswerAsync(body, items.Items, semantic, caller));
        }
    }

    private static async Task EvaluateAsync(HttpContext context, JsonValue body, AccessCaller caller)
    {
        if (AccessReader.Read(body, hasAction: true, out var fault) is not { } question)
        {
            await AccessBody.RefuseAsync(context, fault);
            return;
        }

        var desk = context.RequestServices.GetRequiredService<EvaluationDesk>();
        await HttpJson.WriteAsync(context, AccessAnswers.Write(await desk.AnswerAsync(question, caller)));
    }

    private static string FaultOf(JsonValue body, JsonValue items, out EvaluationSemantic semantic)
    {
        semantic = EvaluationSemantic.ExecuteAll;
        if (items.Kind != JsonKind.Array)
        {
            return "/evaluations: an array is expected";
        }

        if (items.Items.Length > RequestLimits.BatchCountMax)
        {
            return $"/evaluations: at most {RequestLimits.BatchCountMax} are answered at once";
        }

        if (AccessReader.FaultOfDefaults(body) is { Length: > 0 } fault)
        {
            return fault;
        }

        var options = AccessReader.Given(body, "options");
        if (options is { Kind: not JsonKind.Object })
        {
            return "/options: an object is expected";
        }

        return options is null || AccessReader.Given(options, "evaluations_semantic") is not { } named || TryRead(named, out semantic)
            ? ""
            : "/options/evaluations_semantic: execute_all, deny_on_first_deny or permit_on_first_permit is expected";
    }

    private static bool TryRead(JsonValue named, out EvaluationSemantic semantic)
    {
        (semantic, var isKnown) = named is { Kind: JsonKind.String, Text: var text } ? text switch
        {
            "execute_all" => (EvaluationSemantic.ExecuteAll, true),
            "deny_on_first_deny" => (EvaluationSemantic.DenyOnFirstDeny, true),
            "permit_on_first_permit" => (EvaluationSemantic.PermitOnFirstPermit, true),
            _ => (EvaluationSemantic.DenyOnFirstDeny, false),
        }
        : (EvaluationSemantic.DenyOnFirstDeny, false);
        return isKnown;
    }
}
