using ClawPdp.Ledger.Chain;
using ClawPdp.Ledger.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ClawPdp.Ledger.Writing;

/// <summary>Keeps the writer's connection, and gets another one when it is in doubt. Used by the writer's thread alone.</summary>
internal sealed class SessionHolder : IDisposable
{
    private readonly Func<ChainHead, WriteSession> _reopen;
    private readonly ILogger _logger;
    private WriteSession? _session;

    /// <param name="session">The connection; owned from here on.</param>
    /// <param name="reopen">Gives another one, if the file has the record that was acknowledged last.</param>
    /// <param name="logger">Where failures are told.</param>
    public SessionHolder(WriteSession session, Func<ChainHead, WriteSession> reopen, ILogger logger)
    {
        _session = session;
        _reopen = reopen;
        _logger = logger;
    }

    /// <summary>Gives the connection, opening another one where the last one came into doubt.</summary>
    /// <param name="committed">The last record that was acknowledged.</param>
    /// <param name="isClosing">Whether the ledger closes: then nothing is opened, as the reader that a new connection needs may be gone.</param>
    /// <exception cref="LedgerException">There is none, and none can be had.</exception>
    /// <exception cref="SqliteException">There is none, and none can be had.</exception>
    public WriteSession Open(ChainHead committed, bool isClosing)
    {
        if (_session is { } session)
        {
            return session;
        }

        session = isClosing ? throw new LedgerException(LedgerFault.Closed, "the ledger is closed") : _reopen(committed);
        _session = session;
        Log.Reopened(_logger);
        return session;
    }

    /// <summary>Gives up what was begun, and the connection with it where the failure leaves it in doubt.</summary>
    public void GiveUp(Exception failure)
    {
        if (LedgerFailures.LeavesDoubt(failure) || !TryRollback())
        {
            _session?.Dispose();
            _session = null;
        }
    }

    /// <inheritdoc cref="WriteSession.CheckpointIfDue"/>
    public void CheckpointIfDue(bool isBusy) => _session?.CheckpointIfDue(isBusy);

    /// <summary>Moves the write-ahead log into the file and empties it.</summary>
    public void Checkpoint() => _session?.Checkpoint();

    public void Dispose() => _session?.Dispose();

    private bool TryRollback()
    {
        try
        {
            _session?.Rollback();
            return true;
        }
        catch (SqliteException again)
        {
            Log.RollbackFailed(_logger, again.SqliteExtendedErrorCode, again);
            return false;
        }
    }
}
