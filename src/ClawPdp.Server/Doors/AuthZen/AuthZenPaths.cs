namespace ClawPdp.Server.Doors.AuthZen;

/// <summary>The paths of the API, which are those that it proposes itself.</summary>
internal static class AuthZenPaths
{
    public const string Evaluation = "/access/v1/evaluation";
    public const string Evaluations = "/access/v1/evaluations";
    public const string ActionSearch = "/access/v1/search/action";
    public const string Metadata = "/.well-known/authzen-configuration";
}
