using Grpc.Core;

namespace ClawPdp.Server.Callers;

/// <summary>Why a call was refused before its endpoint saw it, in the words of both protocols.</summary>
internal sealed class PlaneRefusal
{
    private PlaneRefusal(string code, string message, StatusCode grpcStatus, int httpStatus)
    {
        Code = code;
        Message = message;
        GrpcStatus = grpcStatus;
        HttpStatus = httpStatus;
    }

    /// <summary>Gets the refusal of what names no plane, or is not there at all.</summary>
    public static PlaneRefusal Unknown { get; } = new("NOT_FOUND", "there is no such method", StatusCode.Unimplemented, StatusCodes.Status404NotFound);

    /// <summary>Gets the refusal of an admin call without a token that counts.</summary>
    public static PlaneRefusal NoToken { get; } = new(
        "ADMIN_TOKEN_REQUIRED",
        "the listener takes admin calls with an admin token alone",
        StatusCode.Unauthenticated,
        StatusCodes.Status401Unauthorized);

    /// <summary>Gets the stable code.</summary>
    public string Code { get; }

    /// <summary>Gets what is wrong, in ASCII.</summary>
    public string Message { get; }

    /// <summary>Gets the status of gRPC.</summary>
    public StatusCode GrpcStatus { get; }

    /// <summary>Gets the status of HTTP.</summary>
    public int HttpStatus { get; }

    /// <summary>Gets whether somebody tried what is not for them.</summary>
    public bool IsWorthALine => GrpcStatus is not StatusCode.Unimplemented;

    /// <summary>Gives the refusal of a plane that the connection does not carry.</summary>
    public static PlaneRefusal NotServed(Plane plane, string listener) => new(
        "PLANE_NOT_SERVED",
        $"the plane {PlaneNames.Of(plane)} is not served on the listener {listener}",
        StatusCode.PermissionDenied,
        StatusCodes.Status403Forbidden);
}
