using ClawPdp.Core.Json;

namespace ClawPdp.Server.Doors;

/// <summary>Tells whether a digest stands for one value alone: beyond 2^53 several integers have one canonical form (RFC 8785, appendix B).</summary>
internal static class ExactNumbers
{
    private const double ExactMax = 9_007_199_254_740_991;

    /// <summary>Tells whether every integer in a value is one that a double holds alone.</summary>
    public static bool AreIn(JsonValue value) => value.Kind switch
    {
        JsonKind.Number => Math.Floor(value.Number) != value.Number || Math.Abs(value.Number) <= ExactMax,
        JsonKind.Array => value.Items.All(AreIn),
        JsonKind.Object => value.Members.All(static member => AreIn(member.Value)),
        _ => true,
    };
}
