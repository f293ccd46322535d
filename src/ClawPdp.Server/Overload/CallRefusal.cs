using System.Globalization;
using Grpc.Core;

namespace ClawPdp.Server.Overload;

/// <summary>Why a call was not let in.</summary>
/// <param name="Full">What is full.</param>
/// <param name="RetryAfter">When to come again.</param>
internal sealed record CallRefusal(FullShare Full, TimeSpan RetryAfter)
{
    /// <summary>The trailer from which gRPC clients with a retry policy take when to come again (gRFC A6).</summary>
    public const string PushbackName = "grpc-retry-pushback-ms";

    /// <summary>Gets the words for the caller.</summary>
    public string Message => string.Create(
        CultureInfo.InvariantCulture,
        $"overloaded: {NameOf(Full)} is full; retry in {Milliseconds} ms");

    private long Milliseconds => (long)Math.Ceiling(RetryAfter.TotalMilliseconds);

    /// <summary>Makes the status that gRPC demands, with the trailer.</summary>
    public RpcException ToException() => new(
        new Status(StatusCode.ResourceExhausted, Message),
        new Metadata { { PushbackName, Milliseconds.ToString(CultureInfo.InvariantCulture) } });

    private static string NameOf(FullShare share) => share switch
    {
        FullShare.Peer => "this peer's share of the calls under way",
        FullShare.Token => "this token's share of the calls under way",
        _ => "the total of the calls under way",
    };
}
