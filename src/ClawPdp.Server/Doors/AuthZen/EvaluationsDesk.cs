using System.Collections.Immutable;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Doors.AuthZen;

/// <summary>Answers the questions of a batch in their order, as far as its semantic goes.</summary>
internal sealed class EvaluationsDesk
{
    private readonly EvaluationDesk _desk;

    public EvaluationsDesk(EvaluationDesk desk) => _desk = desk;

    /// <summary>Answers a batch; one that is broken is denied by itself.</summary>
    /// <param name="batch">The object that holds the batch, whose own parts have the right shape.</param>
    /// <param name="items">The questions.</param>
    /// <param name="semantic">How far to go.</param>
    /// <param name="caller">What came beside it.</param>
    public async Task<JsonValue> AnswerAsync(JsonValue batch, ImmutableArray<JsonValue> items, EvaluationSemantic semantic, AccessCaller caller)
    {
        var answers = semantic == EvaluationSemantic.ExecuteAll

            // All are asked before any is waited for, so that one flush of the disk serves them all.
            ? [.. await Task.WhenAll(items.Select(item => AnswerOneAsync(batch, item, caller)))]
            : await AnswerUntilAsync(batch, items, semantic == EvaluationSemantic.PermitOnFirstPermit, caller);
        return new JsonObjectBuilder().Add("evaluations", JsonValue.ArrayOf(answers)).Build();
    }

    private async Task<ImmutableArray<JsonValue>> AnswerUntilAsync(JsonValue batch, ImmutableArray<JsonValue> items, bool last, AccessCaller caller)
    {
        var answers = ImmutableArray.CreateBuilder<JsonValue>();
        foreach (var item in items)
        {
            var answer = await AnswerOneAsync(batch, item, caller);
            answers.Add(answer);
            if (answer.Find("decision") is { IsTrue: var decision } && decision == last)
            {
                break;
            }
        }

        return answers.ToImmutable();
    }

    private async Task<JsonValue> AnswerOneAsync(JsonValue batch, JsonValue item, AccessCaller caller)
    {
        var fault = "an object is expected";
        var question = item.Kind == JsonKind.Object ? AccessReader.Read(AccessReader.WithDefaults(item, batch), hasAction: true, out fault) : null;
        return question is null
            ? AccessAnswers.WriteBroken(await _desk.RefuseAsync(fault, caller), fault)
            : AccessAnswers.Write(await _desk.AnswerAsync(question, caller));
    }
}
