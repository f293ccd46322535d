namespace ClawPdp.Ledger.Writing;

/// <summary>What goes into one transaction.</summary>
internal sealed class WriteBatch
{
    private readonly int _sizeMax;

    public WriteBatch(int sizeMax) => _sizeMax = sizeMax;

    public List<WriteItem> Items { get; } = [];

    public List<DecisionRecord> Decisions { get; } = [];

    public bool HasRoomForItem => Items.Count < _sizeMax;

    public bool HasRoomForDecision => Decisions.Count < _sizeMax;

    public bool IsEmpty => Items.Count == 0 && Decisions.Count == 0;

    public void Clear()
    {
        Items.Clear();
        Decisions.Clear();
    }
}
