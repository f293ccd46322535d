using ClawPdp.Server.Decisions;
using ClawPdp.Server.Doors.Http;
using ClawPdp.Server.Grpc;
using ClawPdp.V1;

namespace ClawPdp.Server.Doors.ExtMcp;

/// <summary>Asks which of many tools a token allows, by the desk that answers <c>ListAllowed</c>.</summary>
internal sealed class ToolLists
{
    private readonly ExplanationDesk _desk;

    public ToolLists(ExplanationDesk desk) => _desk = desk;

    /// <summary>Gives those that are allowed, or the refusal of the token.</summary>
    /// <param name="reading">Who asks.</param>
    /// <param name="tools">The tools; with none, the token is looked at and nothing else.</param>
    /// <param name="allowed">Receives those that are allowed.</param>
    /// <returns>The refusal; <see langword="null"/> for none.</returns>
    public AuthorizeResponse? Ask(HttpReading reading, IEnumerable<string> tools, HashSet<string> allowed)
    {
        if (reading.Fault is { } fault)
        {
            return Refuse(ReasonCode.RequestInvalid, fault.ToString());
        }

        // A token is looked at even where there is nothing to ask about.
        foreach (var chunk in tools.Distinct(StringComparer.Ordinal).Chunk(RequestLimits.CandidateCountMax).DefaultIfEmpty([]))
        {
            var request = new ListAllowedRequest { Cst = reading.Request.Cst, Kind = Dimension.Tool, Provider = reading.Request.Provider, Audience = reading.Request.Audience };
            request.Candidates.AddRange(chunk);
            if (ListAllowedRequestCheck.Check(request) is { } invalid)
            {
                return Refuse(ReasonCode.RequestInvalid, invalid.ToString());
            }

            var answer = WireListings.Write(_desk.List(WireListings.Read(request)));
            if (answer.OutcomeCase != ListAllowedResponse.OutcomeOneofCase.Allowed)
            {
                return Refuse(answer.Refusal?.ReasonCode ?? ReasonCode.InternalError, answer.Refusal?.Message ?? "");
            }

            allowed.UnionWith(answer.Allowed.Names.Intersect(chunk, StringComparer.Ordinal));
        }

        return null;
    }

    private static AuthorizeResponse Refuse(ReasonCode code, string message) => new() { Effect = Effect.Deny, ReasonCode = code, Message = message };
}
