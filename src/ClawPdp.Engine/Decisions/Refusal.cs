using System.Runtime.InteropServices;
using ClawPdp.Core.Decisions;

namespace ClawPdp.Engine.Decisions;

/// <summary>A check that failed.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Dimension">What part of the question it is about.</param>
/// <param name="Words">A sentence for a human.</param>
/// <param name="Name">The name that ends the sentence; <see langword="null"/> for none. Put together only where somebody reads it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Refusal(ReasonCode Reason, Dimension Dimension, string Words, string? Name = null)
{
    /// <summary>Makes a refusal that is about no dimension in particular.</summary>
    public Refusal(ReasonCode reason, string words)
        : this(reason, Dimension.Unspecified, words)
    {
    }

    /// <summary>Gets the whole sentence.</summary>
    public string Message => Sentence(Words, Name);

    /// <summary>Puts a sentence together.</summary>
    public static string Sentence(string words, string? name) => name is null ? words : $"{words} `{name}`";
}
