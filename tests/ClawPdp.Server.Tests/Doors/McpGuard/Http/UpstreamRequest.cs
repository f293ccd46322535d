namespace ClawPdp.Server.Tests.Doors.McpGuard.Http;

/// <summary>A request that came to the server behind the guard.</summary>
internal sealed record UpstreamRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body);
