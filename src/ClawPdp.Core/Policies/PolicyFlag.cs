namespace ClawPdp.Core.Policies;

/// <summary>Truth values in conditions: <c>true</c> and <c>false</c>, letters without regard to case, and nothing else.</summary>
public static class PolicyFlag
{
    /// <summary>Reads a truth value.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out bool flag)
    {
        flag = text.Equals("true", StringComparison.OrdinalIgnoreCase);
        return flag || text.Equals("false", StringComparison.OrdinalIgnoreCase);
    }
}
