using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;

namespace ClawPdp.Server.Cli;

/// <summary>Reads a policy that stands in a file: its payload, or a signed envelope, of which the signature is not looked at here.</summary>
internal static class PolicyFile
{
    /// <summary>Reads a policy.</summary>
    /// <param name="path">The file, or - for standard input.</param>
    /// <exception cref="InputException">It cannot be read, or is no policy.</exception>
    public static WorkPolicyContract Load(string path)
    {
        var document = Input.Require(path, JsonReader.Parse(Input.Read(path), 2 * WpcLoader.SizeMaxBytes));
        var isEnvelope = document.Find("envelope_type") is not null && document.Find("payload") is not null;
        return Input.Require(path, WpcLoader.Load(isEnvelope ? document.Find("payload") ?? document : document));
    }

    /// <summary>Reads a policy with what it inherits from.</summary>
    /// <param name="path">The policy.</param>
    /// <param name="others">Where the policies are that it inherits from.</param>
    /// <exception cref="InputException">One cannot be read, is no policy, or is missing.</exception>
    public static PolicyChain LoadChain(string path, IEnumerable<string> others)
    {
        var known = others.Select(Load).DistinctBy(static policy => policy.PolicyHash, StringComparer.Ordinal).ToDictionary(static policy => policy.PolicyHash, StringComparer.Ordinal);
        return Input.Require(path, PolicyChain.Resolve(Load(path), known.GetValueOrDefault));
    }
}
