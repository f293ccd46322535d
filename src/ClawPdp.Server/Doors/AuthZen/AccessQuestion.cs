using ClawPdp.Core.Json;

namespace ClawPdp.Server.Doors.AuthZen;

/// <summary>A question in the words of AuthZEN, of the right shape; whether its words mean anything here is not looked at yet.</summary>
internal sealed record AccessQuestion
{
    public required string SubjectType { get; init; }

    public required string SubjectId { get; init; }

    /// <summary>Gets <c>subject.properties.cst</c>; <see langword="null"/> when it is not there.</summary>
    public required JsonValue? SubjectToken { get; init; }

    public required string ResourceType { get; init; }

    public required string ResourceId { get; init; }

    /// <summary>Gets <c>action.name</c>; empty in a search for it.</summary>
    public required string ActionName { get; init; }

    /// <summary>Gets the members of <c>context</c>; those of none when it is not there.</summary>
    public required JsonValue Context { get; init; }
}
