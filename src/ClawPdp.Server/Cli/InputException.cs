namespace ClawPdp.Server.Cli;

/// <summary>What was given on the command line cannot be worked with; the message says why.</summary>
internal sealed class InputException : Exception
{
    public InputException()
    {
    }

    public InputException(string message)
        : base(message)
    {
    }

    public InputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
