namespace ClawPdp.Server.Keys;

/// <summary>Another process changes the keys at this moment.</summary>
internal sealed class KeysBusyException : IOException
{
    /// <summary>Initializes a new instance of the <see cref="KeysBusyException"/> class.</summary>
    public KeysBusyException()
    {
    }

    /// <summary>Initializes a new instance of the <see cref="KeysBusyException"/> class.</summary>
    /// <param name="message">Whose keys.</param>
    public KeysBusyException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="KeysBusyException"/> class.</summary>
    /// <param name="message">Whose keys.</param>
    /// <param name="innerException">The cause.</param>
    public KeysBusyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
