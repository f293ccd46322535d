namespace ClawPdp.Authoring.Analysis.Questions;

/// <summary>Something that must be so for a statement to match, and hangs on one key.</summary>
/// <param name="Key">The key's name.</param>
/// <param name="Holds">Tells it for a value; <see langword="null"/> is a key without one.</param>
internal sealed record Atom(string Key, Func<string?, bool> Holds);
