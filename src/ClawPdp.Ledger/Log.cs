using Microsoft.Extensions.Logging;

namespace ClawPdp.Ledger;

/// <summary>Every log line of the ledger; ids 3000 to 3099, none ever reused.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Information, "Ledger open with {RecordCount} records")]
    public static partial void Opened(ILogger logger, long recordCount);

    [LoggerMessage(3001, LogLevel.Information, "Ledger brought from schema version {From} to {To}")]
    public static partial void Upgraded(ILogger logger, int from, int to);

    [LoggerMessage(3002, LogLevel.Error, "Ledger commit failed with SQLite result {Code}: {ItemCount} appends refused, {DecisionCount} decision records lost")]
    public static partial void BatchFailed(ILogger logger, int code, int itemCount, int decisionCount, Exception failure);

    [LoggerMessage(3003, LogLevel.Information, "Ledger commits succeed again")]
    public static partial void Recovered(ILogger logger);

    [LoggerMessage(3004, LogLevel.Warning, "Decision records are being lost; the ledger's health counts them")]
    public static partial void DecisionsLost(ILogger logger);

    [LoggerMessage(3005, LogLevel.Information, "Ledger of {SizeBytes} bytes not checked whole at opening; its newest records were")]
    public static partial void QuickCheckSkipped(ILogger logger, long sizeBytes);

    [LoggerMessage(3006, LogLevel.Error, "Ledger closed before the disk took everything: {ItemCount} queued appends refused")]
    public static partial void DrainTimedOut(ILogger logger, int itemCount);

    [LoggerMessage(3007, LogLevel.Warning, "Ledger closed without emptying its write-ahead log; nothing is lost, the next opening reads it")]
    public static partial void CheckpointFailed(ILogger logger, Exception failure);

    [LoggerMessage(3008, LogLevel.Error, "Ledger rollback failed with SQLite result {Code}")]
    public static partial void RollbackFailed(ILogger logger, int code, Exception failure);

    [LoggerMessage(3009, LogLevel.Error, "Ledger stalled: a commit has been under way for {Seconds:F1} s; appends are refused until the disk answers")]
    public static partial void Stalled(ILogger logger, double seconds);

    [LoggerMessage(3010, LogLevel.Warning, "Ledger not stalled any more: the commit took {Seconds:F1} s")]
    public static partial void StallEnded(ILogger logger, double seconds);

    [LoggerMessage(3011, LogLevel.Warning, "Ledger file opened anew after a failure; its newest records were checked")]
    public static partial void Reopened(ILogger logger);
}
