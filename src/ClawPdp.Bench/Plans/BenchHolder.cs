namespace ClawPdp.Bench.Plans;

/// <summary>Who holds the key that the tokens of a run are bound to.</summary>
public sealed class BenchHolder
{
    /// <summary>The most proofs that a call carries; a sidecar looks at no more.</summary>
    public const int ProofsPerCallMax = 16;

    /// <summary>Initializes a new instance of the <see cref="BenchHolder"/> class.</summary>
    /// <param name="thumbprint">The key's thumbprint (RFC 7638).</param>
    /// <param name="prove">
    /// Makes a proof (RFC 9449) for a call to an address with a token: another one each time; <see langword="null"/> where the key could not sign. Called by many threads at once.
    /// </param>
    public BenchHolder(string thumbprint, Func<string, string, ValueTask<string?>> prove)
    {
        Thumbprint = thumbprint;
        ProveAsync = prove;
    }

    /// <summary>Gets the key's thumbprint, to which tokens that the tool has issued are bound.</summary>
    public string Thumbprint { get; }

    /// <summary>Gets what makes a proof for an address and a token.</summary>
    public Func<string, string, ValueTask<string?>> ProveAsync { get; }
}
