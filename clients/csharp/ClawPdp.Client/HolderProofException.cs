namespace ClawPdp.Client;

/// <summary>A holder's key that could not sign a proof, so that nothing was sent.</summary>
public sealed class HolderProofException : Exception
{
    /// <summary>Makes one that says nothing more.</summary>
    public HolderProofException()
        : base("the holder's key could not sign")
    {
    }

    /// <param name="message">What happened, without anything secret.</param>
    public HolderProofException(string message)
        : base(message)
    {
    }

    /// <param name="message">What happened, without anything secret.</param>
    /// <param name="innerException">Why.</param>
    public HolderProofException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
