using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests.Doors.Reference;

/// <summary>The sidecar with control scopes for one group.</summary>
public sealed class ControlSidecar : RunningSidecar
{
    private protected override ServerSettings Adjust(ServerSettings settings)
    {
        var mapping = settings.Issuance.ScopeMappingPath;
        File.WriteAllText(mapping, File.ReadAllText(mapping).Replace(
            "\"okta_group\":\"platform-engineers\"",
            "\"okta_group\":\"platform-engineers\",\"scopes\":[\"control:audit:read\",\"control:token:revoke\"]",
            StringComparison.Ordinal));
        return settings with { Issuance = settings.Issuance with { AllowControlScopes = true } };
    }
}
