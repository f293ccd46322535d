namespace ClawPdp.Server.Files;

/// <summary>A file or directory with secrets is open to others, or is not what it should be.</summary>
internal sealed class UnsafeFileException : Exception
{
    public UnsafeFileException()
    {
    }

    public UnsafeFileException(string message)
        : base(message)
    {
    }

    public UnsafeFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
