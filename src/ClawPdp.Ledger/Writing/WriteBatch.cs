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

    /// <summary>Opens the transaction and writes everything in it. An item that fails by itself is refused and leaves no trace.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The whole batch failed.</exception>
    public void WriteTo(WriteSession session)
    {
        session.Begin();
        WriteDecisions(session);
        if (Items.TrueForAll(session.TryWriteUnmarked))
        {
            return;
        }

        // Rare: of a receipt's or an issuance's id that is taken, say. Nothing that an item does is lost or done twice: all of it is in here.
        session.Rollback();
        session.Begin();
        WriteDecisions(session);
        Items.ForEach(session.Write);
    }

    public void Clear()
    {
        Items.Clear();
        Decisions.Clear();
    }

    // Before the items: a receipt that names one was asked for after it.
    private void WriteDecisions(WriteSession session) => Decisions.ForEach(decision => Appends.Decision(session, decision));
}
