using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Ledger;

namespace ClawPdp.Server.Revocations;

/// <summary>A page of the revocations, the latest first.</summary>
/// <param name="Revocations">The revocations.</param>
/// <param name="Cursor">Names the next page; <see langword="null"/> when there is none.</param>
internal sealed record RevocationPage(ImmutableArray<StoredRevocation> Revocations, string? Cursor)
{
    /// <summary>Reads a page.</summary>
    /// <param name="ledger">What is read.</param>
    /// <param name="before">The sequence that the page ends before; 0 for the first page.</param>
    /// <param name="limit">The most revocations.</param>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public static RevocationPage Read(RevocationLedger ledger, long before, int limit)
    {
        // One more than asked for tells whether there is another page.
        var found = ledger.ReadPage(before, limit + 1);
        return found.Length <= limit
            ? new RevocationPage(found, Cursor: null)
            : new RevocationPage(found[..limit], found[limit - 1].Sequence.ToString(CultureInfo.InvariantCulture));
    }
}
