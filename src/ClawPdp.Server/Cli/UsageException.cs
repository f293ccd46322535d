namespace ClawPdp.Server.Cli;

/// <summary>The command line is wrong in a way that is seen when it is worked on; the message says why.</summary>
internal sealed class UsageException : Exception
{
    public UsageException()
    {
    }

    public UsageException(string message)
        : base(message)
    {
    }

    public UsageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
