namespace ClawPdp.Ledger;

/// <summary>What became of a receipt that was to be appended.</summary>
public enum AppendStatus
{
    /// <summary>Not known: take it as not recorded.</summary>
    Unspecified = 0,

    /// <summary>It is on disk now.</summary>
    Appended = 1,

    /// <summary>The same request was recorded before; the earlier receipt stands and this one is void.</summary>
    Replayed = 2,

    /// <summary>The nonce was used for another request; nothing was recorded.</summary>
    Conflict = 3,
}
