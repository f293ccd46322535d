namespace ClawPdp.Fuzz;

/// <summary>What holds of every input.</summary>
internal static class Must
{
    public static void Hold(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}
