using System.Buffers;

namespace ClawPdp.Bench.Plans;

/// <summary>A unary call of any gRPC method.</summary>
public sealed record RawRequest
{
    private static readonly SearchValues<char> PathCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/");

    /// <summary>Gets the path: <c>/package.Service/Method</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Gets the message, without gRPC's frame: at most 4 MiB.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Gets the bytes that the answer must have.</summary>
    public required ReadOnlyMemory<byte> Expected { get; init; }

    /// <summary>Gets a value indicating whether these are the whole answer, rather than a part of it.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>Tells whether a text is the path of a method.</summary>
    public static bool IsMethod(string text) =>
        text.Length is > 3 and <= 512
        && text[0] == '/'
        && text.IndexOf('/', 1) is var slash and > 1
        && slash < text.Length - 1
        && text.AsSpan(slash + 1).IndexOf('/') < 0
        && text.AsSpan(1).IndexOfAnyExcept(PathCharacters) < 0;
}
