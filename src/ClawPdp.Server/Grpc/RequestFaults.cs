using Grpc.Core;

namespace ClawPdp.Server.Grpc;

/// <summary>Turns a fault of a message into the status that gRPC demands for it.</summary>
internal static class RequestFaults
{
    /// <summary>Throws INVALID_ARGUMENT where there is a fault.</summary>
    public static void ThrowIfAny(RequestFault? fault)
    {
        if (fault is not null)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, fault.ToString()));
        }
    }
}
