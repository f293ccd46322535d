using System.Collections.Immutable;

namespace ClawPdp.Core.Faults;

/// <summary>Makes the two kinds of <see cref="Result{T}"/>.</summary>
public static class Result
{
    /// <summary>Wraps a checked value.</summary>
    public static Result<T> Valid<T>(T value)
        where T : class =>
        new(value, []);

    /// <summary>Wraps the faults of a refused document, in document order.</summary>
    /// <exception cref="ArgumentException"><paramref name="faults"/> is empty: a refusal has a reason.</exception>
    public static Result<T> Invalid<T>(ImmutableArray<Fault> faults)
        where T : class
    {
        if (faults.IsDefaultOrEmpty)
        {
            throw new ArgumentException("a refusal needs at least one fault", nameof(faults));
        }

        return new(null, faults);
    }

    /// <summary>Wraps the only fault of a refused document.</summary>
    public static Result<T> Invalid<T>(string pointer, string message)
        where T : class =>
        Invalid<T>([new Fault(pointer, message)]);
}
