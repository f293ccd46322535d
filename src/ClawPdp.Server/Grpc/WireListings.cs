using ClawPdp.Engine.Listings;
using ClawPdp.V1;
using Google.Protobuf.WellKnownTypes;
using ReasonCode = ClawPdp.Core.Decisions.ReasonCode;
using Wire = ClawPdp.V1;

namespace ClawPdp.Server.Grpc;

/// <summary>Translates listings between the wire contract and the engine.</summary>
internal static class WireListings
{
    /// <summary>Reads a question.</summary>
    public static ListingQuestion Read(ListAllowedRequest request) => new()
    {
        Token = request.Cst,
        Kind = (Engine.Decisions.Dimension)(int)request.Kind,
        Candidates = [.. request.Candidates],
        Provider = request.Provider,
        Stated = WireDecisions.StatedOf(request.Context),
        Audience = request.Audience,
    };

    /// <summary>Writes an answer.</summary>
    public static ListAllowedResponse Write(Listing listing)
    {
        var response = new ListAllowedResponse
        {
            Epoch = (ulong)listing.Epoch,
            CacheableUntil = listing.CacheableUntil is { } end ? Timestamp.FromDateTimeOffset(end) : null,
        };
        if (listing is { Reason: ReasonCode.Allowed, Allowed: { } allowed })
        {
            response.Allowed = Write(allowed);
        }
        else
        {
            response.Refusal = WireReasons.Refuse(listing.Reason, listing.Message);
        }

        return response;
    }

    private static AllowedList Write(AllowedNames allowed)
    {
        var list = new AllowedList();
        list.Names.AddRange(allowed.Names);
        list.Patterns.AddRange(allowed.Patterns);
        list.Limits.AddRange(allowed.Limits.Select(Write));
        return list;
    }

    private static Wire.PolicyLimit Write(Engine.Listings.PolicyLimit limit)
    {
        var written = new Wire.PolicyLimit { PolicyHashB64U = limit.PolicyHash };
        written.Allow.AddRange(limit.Allow.Select(Write));
        written.Deny.AddRange(limit.Deny.Select(Write));
        return written;
    }

    private static Wire.NameCondition Write(Engine.Listings.NameCondition condition)
    {
        var written = new Wire.NameCondition { Sid = condition.Sid };
        written.AnyOf.AddRange(condition.AnyOf.Select(Write));
        written.AllOf.AddRange(condition.AllOf.Select(Write));
        written.NoneOf.AddRange(condition.NoneOf.Select(Write));
        return written;
    }

    private static Wire.NamePattern Write(Engine.Listings.NamePattern pattern)
    {
        var written = new Wire.NamePattern { MatchesWithoutValue = pattern.MatchesWithoutValue };
        switch (pattern.Kind)
        {
            case NamePatternKind.Glob:
                written.Glob = pattern.Text;
                break;
            case NamePatternKind.Exact:
                written.Exact = pattern.Text;
                break;
            case NamePatternKind.ModelV1:
                written.ModelV1 = pattern.Text;
                break;
            case NamePatternKind.Host:
                written.Host = pattern.Text;
                break;
            case NamePatternKind.Network:
                written.Network = pattern.Text;
                break;
            case NamePatternKind.Ports:
                written.Ports = new PortRange { First = (uint)pattern.FirstPort, Last = (uint)pattern.LastPort };
                break;
            default:
                throw new InvalidOperationException("a pattern without a kind");
        }

        return written;
    }
}
