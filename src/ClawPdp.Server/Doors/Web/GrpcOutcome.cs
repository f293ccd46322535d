using Grpc.Core;

namespace ClawPdp.Server.Doors.Web;

/// <summary>How a call of the pipeline ended.</summary>
/// <param name="Status">The status.</param>
/// <param name="Message">Its words; empty for OK.</param>
/// <param name="Answer">The answer's message; empty unless the status is OK.</param>
/// <param name="Pushback">When to come again, in milliseconds as text; empty where nothing is said.</param>
internal sealed record GrpcOutcome(StatusCode Status, string Message, byte[] Answer, string Pushback);
