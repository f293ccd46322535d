using ClawPdp.Core.Json;
using ClawPdp.Server.Http;

namespace ClawPdp.Server.Doors.AuthZen;

/// <summary>
/// Serves the Action Search API: what a subject may do with a resource now, without an approval. The engine that decides is asked, as it is for each
/// name of ListAllowed, so that what is found is what an evaluation permits. There are few actions, so one page is all.
/// </summary>
internal static class ActionSearchEndpoint
{
    /// <summary>Answers a search. Types and ids that are not known find nothing.</summary>
    public static async Task SearchAsync(HttpContext context)
    {
        if (await AccessBody.ReadCallerAsync(context) is not { } caller || await AccessBody.ReadAsync(context, AccessBody.SingleMaxBytes) is not { } body)
        {
            return;
        }

        if (AccessReader.Read(body, hasAction: false, out var fault) is not { } question)
        {
            await AccessBody.RefuseAsync(context, fault);
            return;
        }

        // All actions of a resource are one to the core.
        var isAllowed = context.RequestServices.GetRequiredService<EvaluationDesk>().IsAllowed(question, caller);
        var names = isAllowed ? AccessMapping.ActionsOf(question.ResourceType) : [];
        await HttpJson.WriteAsync(context, new JsonObjectBuilder()
            .Add("page", new JsonObjectBuilder().Add("next_token", "").Add("count", names.Count).Add("total", names.Count).Build())
            .Add("results", JsonValue.ArrayOf([.. names.Select(static name => new JsonObjectBuilder().Add("name", name).Build())]))
            .Build());
    }
}
