namespace ClawPdp.Ledger.Writing;

/// <summary>What goes into one transaction.</summary>
internal sealed class WriteBatch
{
    private readonly int _itemCountMax;
    private readonly int _decisionCountMax;

    public WriteBatch(int itemCountMax, int decisionCountMax)
    {
        _itemCountMax = itemCountMax;
        _decisionCountMax = decisionCountMax;
    }

    public List<WriteItem> Items { get; } = [];

    public List<DecisionRecord> Decisions { get; } = [];

    public bool HasRoomForItem => Items.Count < _itemCountMax;

    public bool HasRoomForDecision => Decisions.Count < _decisionCountMax;

    public bool IsEmpty => Items.Count == 0 && Decisions.Count == 0;

    public void Clear()
    {
        Items.Clear();
        Decisions.Clear();
    }
}
