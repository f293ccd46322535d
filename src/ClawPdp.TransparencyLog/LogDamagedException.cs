namespace ClawPdp.TransparencyLog;

/// <summary>The log's files do not agree with what was signed.</summary>
public sealed class LogDamagedException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="LogDamagedException"/> class.</summary>
    public LogDamagedException()
    {
    }

    /// <summary>Initializes a new instance of the <see cref="LogDamagedException"/> class.</summary>
    /// <param name="message">What does not agree.</param>
    public LogDamagedException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="LogDamagedException"/> class.</summary>
    /// <param name="message">What does not agree.</param>
    /// <param name="innerException">The cause.</param>
    public LogDamagedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
