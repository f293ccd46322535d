using ClawPdp.Server.Policies.Shadows;
using ClawPdp.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClawPdp.Server.Grpc;

/// <summary>Writes shadows in the words of the wire contract.</summary>
internal static class WireShadows
{
    private const int DifferenceCountMax = 256;

    /// <summary>Writes which candidate is evaluated.</summary>
    public static ShadowedPolicy Write(ShadowTally tally) => new()
    {
        PolicyHashB64U = tally.PolicyHash,
        Audience = tally.Audience,
        Since = Timestamp.FromDateTimeOffset(tally.Since),
        SampleInterval = tally.SampleInterval,
    };

    /// <summary>Writes what was counted; <see langword="null"/> stands for no candidate.</summary>
    public static GetShadowReportResponse Report(ShadowTally? tally)
    {
        if (tally is null)
        {
            return new GetShadowReportResponse();
        }

        // Read in this order, so that no more differ than were compared.
        var (differed, compared) = (tally.Differed, tally.Compared);
        var response = new GetShadowReportResponse { Shadowed = Write(tally), ComparedCount = compared, AgreedCount = compared - differed };
        response.Differences.AddRange(tally.Differences.Take(DifferenceCountMax).Select(static difference => new ShadowDifference
        {
            LiveReasonCode = WireReasons.CodeOf(difference.Pair.Live),
            CandidateReasonCode = WireReasons.CodeOf(difference.Pair.Candidate),
            Count = difference.Count,
            SampleDecisionId = difference.SampleDecisionId,
        }));
        return response;
    }
}
