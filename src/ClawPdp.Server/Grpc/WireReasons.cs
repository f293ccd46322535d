using ClawPdp.Core.Decisions;
using ClawPdp.V1;
using Google.Protobuf.WellKnownTypes;
using Wire = ClawPdp.V1;

namespace ClawPdp.Server.Grpc;

/// <summary>Writes reasons in the words of the wire contract, whose numbers are the same (a test holds them together).</summary>
internal static class WireReasons
{
    /// <summary>The wait before asking again where the sidecar knows no better.</summary>
    public static readonly TimeSpan RetryDefault = TimeSpan.FromSeconds(1);

    /// <summary>The longest message, in UTF-16 units.</summary>
    public const int MessageLengthMax = 512;

    /// <summary>Gives the wire form of a code.</summary>
    public static Wire.ReasonCode CodeOf(Core.Decisions.ReasonCode reason) => (Wire.ReasonCode)(int)reason;

    /// <summary>Gives the wire form of a code's class.</summary>
    public static Wire.ReasonClass ClassOf(Core.Decisions.ReasonCode reason) => (Wire.ReasonClass)(int)ReasonCatalog.ClassOf(reason);

    /// <summary>Gives how long to wait, for a reason that passes by itself.</summary>
    public static Duration? RetryAfter(Core.Decisions.ReasonCode reason) =>
        ReasonCatalog.ClassOf(reason) == Core.Decisions.ReasonClass.Transient ? Duration.FromTimeSpan(RetryDefault) : null;

    /// <summary>Bounds a message as the contract promises.</summary>
    public static string Bounded(string message) => message.Length <= MessageLengthMax ? message : message[..MessageLengthMax];

    /// <summary>Makes a refusal.</summary>
    public static Refusal Refuse(Core.Decisions.ReasonCode reason, string message, string field = "", string offendingItem = "") => new()
    {
        ReasonCode = CodeOf(reason),
        ReasonClass = ClassOf(reason),
        Message = Bounded(message),
        Field = field,
        OffendingItem = offendingItem,
        RetryAfter = RetryAfter(reason),
    };
}
