using System.Collections.Frozen;
using ClawPdp.Server.Grpc;

namespace ClawPdp.Server.Callers;

/// <summary>Which plane each method of the contract is of: one line each.</summary>
internal static class MethodPlanes
{
    private static readonly FrozenDictionary<string, Plane> Planes = new Dictionary<string, Plane>(StringComparer.Ordinal)
    {
        [ServiceNames.Decisions + "/Authorize"] = Plane.Decision,
        [ServiceNames.Decisions + "/AuthorizeBatch"] = Plane.Decision,
        [ServiceNames.Decisions + "/AuthorizeStream"] = Plane.Decision,
        [ServiceNames.Decisions + "/Explain"] = Plane.Decision,
        [ServiceNames.Decisions + "/ListAllowed"] = Plane.Decision,
        [ServiceNames.Decisions + "/WatchEpoch"] = Plane.Decision,
        [ServiceNames.Tokens + "/IssueCst"] = Plane.Issuance,
        [ServiceNames.Tokens + "/IntrospectCst"] = Plane.Decision,
        [ServiceNames.Tokens + "/RevokeCst"] = Plane.Admin,
        [ServiceNames.Tokens + "/ListRevocations"] = Plane.Decision,
        [ServiceNames.Tokens + "/WatchRevocations"] = Plane.Decision,
        [ServiceNames.Receipts + "/SignReceipt"] = Plane.Decision,
        [ServiceNames.Receipts + "/SignReceiptBatch"] = Plane.Decision,
        [ServiceNames.Receipts + "/GetReceipt"] = Plane.Decision,
        [ServiceNames.Receipts + "/VerifyReceipt"] = Plane.Decision,
        [ServiceNames.Runs + "/StartRun"] = Plane.Decision,
        [ServiceNames.Runs + "/AppendEvent"] = Plane.Decision,
        [ServiceNames.Runs + "/GetRun"] = Plane.Decision,
        [ServiceNames.Runs + "/FinishRun"] = Plane.Decision,
        [ServiceNames.Policies + "/GetActivePolicy"] = Plane.Decision,
        [ServiceNames.Policies + "/ListPolicies"] = Plane.Admin,
        [ServiceNames.Policies + "/PutPolicy"] = Plane.Admin,
        [ServiceNames.Policies + "/ActivatePolicy"] = Plane.Admin,
        [ServiceNames.Policies + "/ListActivations"] = Plane.Admin,
        [ServiceNames.Policies + "/ShadowPolicy"] = Plane.Admin,
        [ServiceNames.Policies + "/GetShadowReport"] = Plane.Admin,
        [ServiceNames.Audits + "/ExportRun"] = Plane.Admin,
        [ServiceNames.Audits + "/CreateAgentKey"] = Plane.Admin,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Gives the plane of a method.</summary>
    /// <param name="fullName">Its name with that of its service, such as <c>clawpdp.v1.TokenService/IssueCst</c>; a slash before it counts for nothing.</param>
    /// <returns>The plane; <see cref="Plane.None"/> when no line names the method.</returns>
    public static Plane Find(string fullName) => Planes.GetValueOrDefault(fullName.TrimStart('/'));
}
