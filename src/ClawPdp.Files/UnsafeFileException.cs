namespace ClawPdp.Files;

/// <summary>A file or directory with secrets is open to others, or is not what it should be.</summary>
public sealed class UnsafeFileException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="UnsafeFileException"/> class.</summary>
    public UnsafeFileException()
    {
    }

    /// <summary>Initializes a new instance of the <see cref="UnsafeFileException"/> class.</summary>
    /// <param name="message">What is wrong and what helps, with the path.</param>
    public UnsafeFileException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="UnsafeFileException"/> class.</summary>
    /// <param name="message">What is wrong and what helps, with the path.</param>
    /// <param name="innerException">The cause.</param>
    public UnsafeFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
