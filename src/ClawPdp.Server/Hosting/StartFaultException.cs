using System.Collections.Immutable;

namespace ClawPdp.Server.Hosting;

/// <summary>The sidecar cannot start; each line says one thing to be mended.</summary>
internal sealed class StartFaultException : Exception
{
    public StartFaultException()
        : this([])
    {
    }

    public StartFaultException(string message)
        : this([message])
    {
    }

    public StartFaultException(string message, Exception innerException)
        : base(message, innerException) => Lines = [message];

    public StartFaultException(ImmutableArray<string> lines)
        : base(string.Join(Environment.NewLine, lines)) => Lines = lines;

    /// <summary>Gets the lines for the operator.</summary>
    public ImmutableArray<string> Lines { get; }
}
