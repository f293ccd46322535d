namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>What callers may get to know where no answer comes: each says it in the words of its own library.</summary>
internal static class MatrixAnswers
{
    /// <summary>Nobody listens.</summary>
    public static readonly string[] Unreached = ["UNAVAILABLE", "ConnectionError", "CLIENT_UNAVAILABLE"];

    /// <summary>Somebody took the question, and says nothing.</summary>
    public static readonly string[] Late = ["DEADLINE_EXCEEDED", MatrixDoor.Silence, "CLIENT_DEADLINE"];

    /// <summary>The connection breaks, or what comes is none of the protocol; of these one library knows more than another.</summary>
    public static readonly string[] Broken = [.. Unreached, "INTERNAL", "UNKNOWN", "CANCELLED", "Unknown", "ResponseEnded", "InvalidResponse", "CLIENT_PROTOCOL"];
}
