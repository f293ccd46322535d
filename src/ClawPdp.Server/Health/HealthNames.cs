using ClawPdp.V1;
using Grpc.AspNetCore.HealthChecks;

namespace ClawPdp.Server.Health;

/// <summary>The services of grpc.health.v1: decisions go on while issuance may not.</summary>
internal static class HealthNames
{
    public const string Decision = "decision";
    public const string Record = "record";
    public const string Issuance = "issuance";
    public const string Transparency = "transparency";
    public const string Files = "files";

    /// <summary>The name that clients ask for to hear whether a watched file is refused.</summary>
    public const string FilesService = "clawpdp.files";

    /// <summary>Maps checks to the names that clients ask for.</summary>
    public static void Map(GrpcHealthChecksOptions options)
    {
        options.Services.Map(DecisionService.Descriptor.FullName, static check => check.Name is Decision);
        options.Services.Map(ReceiptService.Descriptor.FullName, static check => check.Name is Record);
        options.Services.Map(RunService.Descriptor.FullName, static check => check.Name is Record);
        options.Services.Map(AuditService.Descriptor.FullName, static check => check.Name is Transparency);
        options.Services.Map(PolicyService.Descriptor.FullName, static check => check.Name is Decision);
        options.Services.Map(TokenService.Descriptor.FullName, static check => check.Name is Issuance);
        options.Services.Map(FilesService, static check => check.Name is Files);
        options.Services.Map("", static check => check.Name is Decision);
    }
}
