namespace ClawPdp.Fuzz;

/// <summary>Parsers that are fuzzed together: the first byte of the input says which one it is for, and the rest is what that one reads.</summary>
public sealed class FuzzGroup
{
    private readonly Action<byte[]>[] _targets;

    /// <summary>Initializes a new instance of the <see cref="FuzzGroup"/> class.</summary>
    public FuzzGroup(params Action<byte[]>[] targets) => _targets = targets;

    /// <summary>Reads an input. Whatever is thrown is a bug: a parser refuses, and never throws.</summary>
    public void Run(ReadOnlySpan<byte> input)
    {
        if (!input.IsEmpty)
        {
            _targets[input[0] % _targets.Length](input[1..].ToArray());
        }
    }
}
