namespace ClawPdp.Server.Keys.Signers;

/// <summary>A PKCS#11 module did not do what it was asked for.</summary>
internal sealed class Pkcs11Exception : Exception
{
    /// <summary>Initializes a new instance of the <see cref="Pkcs11Exception"/> class.</summary>
    public Pkcs11Exception()
    {
    }

    /// <summary>Initializes a new instance of the <see cref="Pkcs11Exception"/> class.</summary>
    /// <param name="message">What failed, with the module's number for why.</param>
    public Pkcs11Exception(string message)
        : base(message)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="Pkcs11Exception"/> class.</summary>
    /// <param name="message">What failed.</param>
    /// <param name="innerException">The cause.</param>
    public Pkcs11Exception(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
