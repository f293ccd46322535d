using Grpc.AspNetCore.Server;

namespace ClawPdp.Server.Callers;

/// <summary>Says of endpoints which plane they are of.</summary>
internal static class PlaneConventions
{
    /// <summary>Says it of every endpoint that was mapped.</summary>
    public static TBuilder OnPlane<TBuilder>(this TBuilder endpoints, Plane plane)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Add(endpoint => endpoint.Metadata.Add(new PlaneRule(plane)));
        return endpoints;
    }

    /// <summary>Says it of each gRPC method by itself; one that <see cref="MethodPlanes"/> does not know is refused everywhere.</summary>
    public static void OnPlaneOfMethod(this IEndpointConventionBuilder endpoints) => endpoints.Add(static endpoint =>
    {
        var method = endpoint.Metadata.OfType<GrpcMethodMetadata>().FirstOrDefault()?.Method.FullName;
        if (method is not null && MethodPlanes.Find(method) is var plane and not Plane.None)
        {
            endpoint.Metadata.Add(new PlaneRule(plane));
        }
    });
}
