using System.Collections.Immutable;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Grpc;
using ClawPdp.V1;

namespace ClawPdp.Server.Doors.Http;

/// <summary>What a request in HTTP's shape came to: a question, or the fault that makes it none.</summary>
/// <param name="Request">The question; not to be asked where there is a fault.</param>
/// <param name="Fault">The first fault; <see langword="null"/> for none.</param>
/// <param name="TokenHeaders">The headers that held the token, in lower case.</param>
internal sealed record HttpReading(AuthorizeRequest Request, RequestFault? Fault, ImmutableArray<string> TokenHeaders)
{
    /// <summary>Makes the reading of what is no request at all.</summary>
    public static HttpReading Of(RequestFault fault) => new(new AuthorizeRequest(), fault, []);

    /// <summary>Has the question answered, or its fault refused.</summary>
    public ValueTask<AuthorizeResponse> AskAsync(QuestionDesk desk, Asker asker) =>
        Fault is null ? desk.AnswerAsync(Request, asker) : desk.RefuseAsync(Request.RequestId, Fault.ToString(), asker);
}
