using ClawPdp.Server.Grpc;
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
        options.Services.Map(ServiceNames.Decisions, static check => check.Name is Decision);
        options.Services.Map(ServiceNames.Receipts, static check => check.Name is Record);
        options.Services.Map(ServiceNames.Runs, static check => check.Name is Record);
        options.Services.Map(ServiceNames.Audits, static check => check.Name is Transparency);
        options.Services.Map(ServiceNames.Policies, static check => check.Name is Decision);
        options.Services.Map(ServiceNames.Tokens, static check => check.Name is Issuance);
        options.Services.Map(FilesService, static check => check.Name is Files);
        options.Services.Map("", static check => check.Name is Decision);
    }
}
