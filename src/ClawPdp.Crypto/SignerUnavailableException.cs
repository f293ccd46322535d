namespace ClawPdp.Crypto;

/// <summary>A signer elsewhere gave no good signature in time; nothing was signed.</summary>
public sealed class SignerUnavailableException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="SignerUnavailableException"/> class.</summary>
    public SignerUnavailableException()
    {
    }

    /// <summary>Initializes a new instance of the <see cref="SignerUnavailableException"/> class.</summary>
    /// <param name="message">What went wrong, without anything that was to be signed.</param>
    public SignerUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="SignerUnavailableException"/> class.</summary>
    /// <param name="message">What went wrong, without anything that was to be signed.</param>
    /// <param name="innerException">The cause.</param>
    public SignerUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
