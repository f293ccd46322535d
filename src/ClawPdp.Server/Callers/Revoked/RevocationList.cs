using System.Collections.Frozen;

namespace ClawPdp.Server.Callers.Revoked;

/// <summary>A list of revoked certificates (RFC 5280 section 5) as it was read; who signed it is checked by <see cref="RevocationListSignature"/>.</summary>
internal sealed class RevocationList
{
    /// <summary>Gets the name of its authority, as it is encoded.</summary>
    public required ReadOnlyMemory<byte> Issuer { get; init; }

    /// <summary>Gets which of its authority's lists it is.</summary>
    public required RevocationIssue Issue { get; init; }

    /// <summary>Gets until when it counts.</summary>
    public required DateTimeOffset NextUpdate { get; init; }

    /// <summary>Gets the serial numbers of what is revoked, as <see cref="SerialOf"/> writes them.</summary>
    public required FrozenSet<string> Serials { get; init; }

    /// <summary>Gets what is signed.</summary>
    public required ReadOnlyMemory<byte> Signed { get; init; }

    /// <summary>Gets the object identifier of the signature's algorithm.</summary>
    public required string Algorithm { get; init; }

    /// <summary>Gets the signature.</summary>
    public required ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>Writes a serial number: hexadecimal, without the zeros before it.</summary>
    public static string SerialOf(ReadOnlySpan<byte> number) => Convert.ToHexStringLower(number.TrimStart((byte)0));
}
