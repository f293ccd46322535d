using System.Collections.Immutable;
using ClawPdp.Engine.Holders;
using ClawPdp.Engine.Tokens;
using ClawPdp.Server.Settings;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace ClawPdp.Server.Callers;

/// <summary>Gathers what a request shows of who makes it: the kernel's word about the peer, and proofs of keys in the header <c>dpop</c>.</summary>
internal static class CallEvidence
{
    /// <summary>The header, and the key of gRPC metadata.</summary>
    public const string ProofHeader = "dpop";

    /// <summary>Gives the evidence of a request; <see langword="null"/> when it shows nothing.</summary>
    public static HolderEvidence? Of(HttpContext context) =>
        Of(context.Features, context.RequestServices.GetRequiredService<ProofRules>(), context.RequestServices.GetRequiredService<ServerSettings>().Listen);

    /// <summary>Gives the evidence of a request of which there is no more than what the web server knows; <see langword="null"/> when it shows nothing.</summary>
    /// <param name="features">What the web server knows of it.</param>
    /// <param name="rules">What proofs must meet.</param>
    /// <param name="listen">By which names this sidecar is called.</param>
    public static HolderEvidence? Of(IFeatureCollection features, ProofRules rules, ListenSettings listen)
    {
        var request = features.GetRequiredFeature<IHttpRequestFeature>();

        // The address is for proofs alone, and most calls bring none.
        var proofs = ProofsOf(request.Headers[ProofHeader]);
        var target = !proofs.IsEmpty && OwnAuthority.Holds(request, features.GetRequiredFeature<IHttpConnectionFeature>(), listen) ? TargetOf(request) : "";
        return Make(features, rules, proofs, request.Method, target);
    }

    /// <summary>Gives the evidence of a request that a proxy tells of: the proofs are the agent's, made for its own request, and the peer is the proxy.</summary>
    /// <param name="context">The proxy's own request.</param>
    /// <param name="proofs">The values of the header in the agent's request.</param>
    /// <param name="method">The method of the agent's request.</param>
    /// <param name="target">The address of the agent's request.</param>
    public static HolderEvidence? OfForwarded(HttpContext context, IEnumerable<string?> proofs, string method, string target) =>
        Make(context.Features, context.RequestServices.GetRequiredService<ProofRules>(), ProofsOf(proofs), method, target);

    /// <summary>Presents a token as the caller of a gRPC method does.</summary>
    public static PresentedToken Present(string token, ServerCallContext context) => PresentedToken.FromString(token).ShownWith(Of(context.GetHttpContext()));

    /// <summary>Gives the address of a request, as its caller would write it: scheme, authority and path.</summary>
    public static string TargetOf(IHttpRequestFeature request) =>
        $"{request.Scheme}://{OwnAuthority.HostOf(request).Value}{new PathString(request.PathBase)}{new PathString(request.Path)}";

    private static HolderEvidence? Make(IFeatureCollection features, ProofRules rules, ImmutableArray<string> proofs, string method, string target)
    {
        var user = features.Get<Caller>()?.Peer?.UserId;
        return user is null && proofs.IsEmpty
            ? null
            : new HolderEvidence(rules)
            {
                PeerUserId = user,
                Proofs = proofs,
                Method = method,
                Target = target,
            };
    }

    // Values of one key of metadata may come joined by commas, which no proof holds.
    private static ImmutableArray<string> ProofsOf(IEnumerable<string?> values) =>
        [.. values.SelectMany(static value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Take(HolderEvidence.ProofCountMax + 1)];
}
