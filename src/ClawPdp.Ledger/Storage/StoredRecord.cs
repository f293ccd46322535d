namespace ClawPdp.Ledger.Storage;

/// <summary>A record as it stands in the file.</summary>
internal sealed class StoredRecord
{
    public StoredRecord(long sequence, byte[] content)
    {
        Sequence = sequence;
        Content = content;
    }

    public long Sequence { get; }

    public ReadOnlyMemory<byte> Content { get; }
}
