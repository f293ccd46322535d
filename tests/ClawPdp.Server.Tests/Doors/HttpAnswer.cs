using System.Net;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Tests.Doors;

/// <summary>What the HTTP port answered.</summary>
internal sealed record HttpAnswer
{
    public required HttpStatusCode Status { get; init; }

    /// <summary>Gets the body; the literal <c>null</c> when it is no JSON.</summary>
    public required JsonValue Body { get; init; }

    public required int Size { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Gets the text of a member, or a member of a member and so on.</summary>
    public string? Text(params string[] path) => Find(path) is { Kind: JsonKind.String } found ? found.Text : null;

    /// <summary>Gets a member, or a member of a member and so on.</summary>
    public JsonValue? Find(params string[] path) => path.Aggregate((JsonValue?)Body, static (value, name) => value?.Find(name));
}
