namespace ClawPdp.EndToEnd.Tests.Faults;

/// <summary>Where one bit of a ledger's file is turned over.</summary>
public enum Damage
{
    /// <summary>In the file's magic number.</summary>
    Header,

    /// <summary>In the kind of a page that holds records.</summary>
    PageHeader,

    /// <summary>In the text of a record.</summary>
    RecordContent,

    /// <summary>In the signature of a receipt.</summary>
    Signature,

    /// <summary>In a key of the index that finds receipts by their nonces.</summary>
    IndexEntry,
}
