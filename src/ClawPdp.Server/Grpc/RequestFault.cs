namespace ClawPdp.Server.Grpc;

/// <summary>A message that is no question: malformed, or with a field over its limit.</summary>
/// <param name="Field">The field's path in the message, such as <c>requests[3].tool</c>.</param>
/// <param name="Message">What is wrong with it.</param>
internal sealed record RequestFault(string Field, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Field}: {Message}";
}
