using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace ClawPdp.Core.Faults;

/// <summary>Either a checked value or every fault found in what was given; <see langword="default"/> is neither valid nor usable.</summary>
public readonly struct Result<T> : IEquatable<Result<T>>
    where T : class
{
    private readonly T? _value;
    private readonly ImmutableArray<Fault> _faults;

    internal Result(T? value, ImmutableArray<Fault> faults)
    {
        _value = value;
        _faults = faults;
    }

    /// <summary>Gets a value indicating whether there is a value; false for <see langword="default"/>.</summary>
    public bool IsValid => _value is not null;

    /// <summary>Gets the checked value.</summary>
    /// <exception cref="InvalidOperationException">There is none: ask <see cref="IsValid"/> first.</exception>
    public T Value => _value ?? throw new InvalidOperationException("an invalid result has no value");

    /// <summary>Gets every fault, in document order; empty exactly when there is a value.</summary>
    public ImmutableArray<Fault> Faults => _value is null && _faults.IsDefaultOrEmpty ? [new Fault("", "nothing was checked")] : _faults;

    /// <summary>Compares two results.</summary>
    public static bool operator ==(Result<T> left, Result<T> right) => left.Equals(right);

    /// <summary>Compares two results.</summary>
    public static bool operator !=(Result<T> left, Result<T> right) => !left.Equals(right);

    /// <summary>Gives the value when there is one.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value)
    {
        value = _value;
        return value is not null;
    }

    /// <inheritdoc/>
    public bool Equals(Result<T> other) => Equals(_value, other._value) && Faults.SequenceEqual(other.Faults);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Result<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_value, Faults.Length);
}
