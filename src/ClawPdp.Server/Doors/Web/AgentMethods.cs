using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using ClawPdp.Server.Grpc;
using ClawPdp.V1;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace ClawPdp.Server.Doors.Web;

/// <summary>
/// The methods of the contract that the doors for browsers and plain HTTP lead to: what an agent needs, and nothing that administers. What is
/// not named here is not reachable by them.
/// </summary>
internal static class AgentMethods
{
    /// <summary>What the path of every method of the contract begins with.</summary>
    public const string PathStart = "/clawpdp.v1.";

    private static readonly FrozenDictionary<string, AgentMethod> ByPath = new[]
    {
        Of(ServiceNames.Decisions, static () => DecisionService.Descriptor, "Authorize", "AuthorizeBatch", "Explain", "ListAllowed", "WatchEpoch"),
        Of(ServiceNames.Receipts, static () => ReceiptService.Descriptor, "SignReceipt", "SignReceiptBatch", "GetReceipt", "VerifyReceipt"),
        Of(ServiceNames.Runs, static () => RunService.Descriptor, "StartRun", "AppendEvent", "GetRun", "FinishRun"),
        Of(ServiceNames.Tokens, static () => TokenService.Descriptor, "IssueCst", "IntrospectCst"),
    }.SelectMany(static methods => methods).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Gets the paths.</summary>
    public static IEnumerable<string> Paths => ByPath.Keys;

    /// <summary>Finds the method of a path.</summary>
    public static bool TryFind(string path, [NotNullWhen(true)] out AgentMethod? method) => ByPath.TryGetValue(path, out method);

    private static IEnumerable<KeyValuePair<string, AgentMethod>> Of(string service, Func<ServiceDescriptor> descriptor, params string[] names) =>
        names.Select(name => KeyValuePair.Create($"/{service}/{name}", new AgentMethod(descriptor, name)));
}
