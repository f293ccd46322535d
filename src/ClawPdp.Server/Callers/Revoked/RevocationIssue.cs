using System.Globalization;
using System.Numerics;

namespace ClawPdp.Server.Callers.Revoked;

/// <summary>Which one it is of the lists that an authority gave out one after the other.</summary>
/// <param name="Number">Its number (RFC 5280 section 5.2.3), which rises with each; <see langword="null"/> where it has none.</param>
/// <param name="ThisUpdate">When it was made.</param>
internal sealed record RevocationIssue(BigInteger? Number, DateTimeOffset ThisUpdate)
{
    /// <summary>
    /// Tells whether it came before another one of the same authority: by their numbers, and by their times where one has no number, or both the same.
    /// </summary>
    public bool IsBefore(RevocationIssue other) =>
        Number is { } number && other.Number is { } another && number != another ? number < another : ThisUpdate < other.ThisUpdate;

    /// <inheritdoc/>
    public override string ToString() => Number is { } number
        ? string.Create(CultureInfo.InvariantCulture, $"number {number} of {ThisUpdate:u}")
        : string.Create(CultureInfo.InvariantCulture, $"of {ThisUpdate:u}");
}
