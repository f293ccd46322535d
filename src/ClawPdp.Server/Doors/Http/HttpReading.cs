using System.Collections.Immutable;
using ClawPdp.Server.Callers;
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

    /// <summary>Gets the request that it was read from; <see langword="null"/> for none.</summary>
    public HttpShape? Shape { get; init; }

    /// <summary>Gives who asks: the proxy by its connection, and the holder of a key by the proof in the request that it tells of.</summary>
    public Asker AskerOf(HttpContext context, DecisionDoor door) => Shape is null
        ? Asker.Of(context, door)
        : Asker.Of(context, door, CallEvidence.OfForwarded(context, Shape.ValuesOf(CallEvidence.ProofHeader), Shape.Method, Shape.Address));

    /// <summary>Has the question answered, or its fault refused.</summary>
    public ValueTask<AuthorizeResponse> AskAsync(QuestionDesk desk, Asker asker) =>
        Fault is null ? desk.AnswerAsync(Request, asker) : desk.RefuseAsync(Request.RequestId, Fault.ToString(), asker);
}
