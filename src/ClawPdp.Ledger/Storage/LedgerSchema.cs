using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Storage;

/// <summary>The tables, and how an older file gets them.</summary>
internal static class LedgerSchema
{
    // "CPdp" in ASCII, in the file's header (sqlite.org/fileformat2.html, offset 68).
    public const int ApplicationId = 0x43506470;

    // INVARIANT: a step is never changed after a release, only followed by another; step n makes version n + 1.
    public static readonly ImmutableArray<string> Steps =
    [
        """
        CREATE TABLE record (
            sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
            kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 255),
            content BLOB NOT NULL,
            hash BLOB NOT NULL CHECK (length(hash) = 32)
        ) STRICT;
        CREATE TABLE receipt (
            sequence INTEGER PRIMARY KEY,
            receipt_id TEXT NOT NULL UNIQUE,
            idempotency_scope TEXT NOT NULL,
            nonce TEXT NOT NULL,
            UNIQUE (idempotency_scope, nonce)
        ) STRICT;
        CREATE TABLE issuance (
            sequence INTEGER PRIMARY KEY,
            issuance_id TEXT NOT NULL UNIQUE,
            token_hash TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE TABLE revocation (
            sequence INTEGER PRIMARY KEY,
            kind INTEGER NOT NULL,
            value TEXT NOT NULL,
            expiry_sequence INTEGER NOT NULL,
            UNIQUE (kind, value)
        ) STRICT;
        CREATE TABLE meta (
            name TEXT PRIMARY KEY NOT NULL,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """,
        """
        CREATE TABLE document (
            sequence INTEGER PRIMARY KEY,
            document_type TEXT NOT NULL,
            hash TEXT NOT NULL,
            UNIQUE (document_type, hash)
        ) STRICT;
        CREATE TABLE run (
            sequence INTEGER PRIMARY KEY,
            run_id TEXT NOT NULL UNIQUE,
            finish_sequence INTEGER
        ) STRICT;
        CREATE TABLE run_record (
            run_id TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            agent TEXT NOT NULL,
            PRIMARY KEY (run_id, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE event (
            sequence INTEGER PRIMARY KEY,
            run_id TEXT NOT NULL,
            event_id TEXT NOT NULL,
            event_hash TEXT NOT NULL,
            UNIQUE (run_id, event_id),
            UNIQUE (run_id, event_hash)
        ) STRICT;
        CREATE INDEX event_run ON event (run_id, sequence);
        CREATE TABLE span (
            run_id TEXT NOT NULL,
            span_id TEXT NOT NULL,
            segment INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            time_ms INTEGER NOT NULL,
            phase TEXT NOT NULL,
            PRIMARY KEY (run_id, span_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX span_segment ON span (run_id, segment, sequence);
        CREATE TABLE decision (
            sequence INTEGER PRIMARY KEY,
            decision_id TEXT NOT NULL
        ) STRICT;
        CREATE INDEX decision_id ON decision (decision_id);
        INSERT INTO decision SELECT sequence, json_extract(CAST(content AS TEXT), '$.decision_id') FROM record WHERE kind = 5;
        """,
        """
        CREATE TABLE activation (
            number INTEGER PRIMARY KEY CHECK (number > 0),
            sequence INTEGER NOT NULL UNIQUE,
            audience TEXT NOT NULL
        ) STRICT;
        CREATE INDEX activation_audience ON activation (audience, number);
        CREATE TABLE policy_envelope (
            sequence INTEGER PRIMARY KEY,
            policy_hash TEXT NOT NULL
        ) STRICT;
        CREATE INDEX policy_envelope_policy ON policy_envelope (policy_hash, sequence);
        """,
        """
        CREATE TABLE used_approval (
            approval_hash TEXT PRIMARY KEY NOT NULL,
            sequence INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE approved_receipt (
            decision_id TEXT NOT NULL,
            receipt_type TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            PRIMARY KEY (decision_id, receipt_type)
        ) STRICT, WITHOUT ROWID;
        """,
        """
        ALTER TABLE revocation ADD COLUMN expires_ms INTEGER NOT NULL DEFAULT 9223372036854775807;
        UPDATE revocation SET expires_ms = COALESCE((
            SELECT CAST(strftime('%s', json_extract(CAST(content AS TEXT), '$.expires_at')) AS INTEGER) * 1000 + 1000
            FROM record WHERE record.sequence = revocation.expiry_sequence), expires_ms);
        CREATE INDEX revocation_change ON revocation (expiry_sequence);
        CREATE INDEX revocation_kind ON revocation (kind, sequence);
        CREATE TABLE idempotency_key (
            idempotency_scope TEXT NOT NULL,
            nonce TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            PRIMARY KEY (idempotency_scope, nonce)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO idempotency_key SELECT idempotency_scope, nonce, sequence FROM receipt ORDER BY idempotency_scope, nonce;
        CREATE TABLE receipt_of_any_key (
            sequence INTEGER PRIMARY KEY,
            receipt_id TEXT NOT NULL UNIQUE
        ) STRICT;
        INSERT INTO receipt_of_any_key SELECT sequence, receipt_id FROM receipt ORDER BY sequence;
        DROP TABLE receipt;
        ALTER TABLE receipt_of_any_key RENAME TO receipt;
        """,
        """
        CREATE TABLE event_by_id (
            sequence INTEGER NOT NULL,
            run_id TEXT NOT NULL,
            event_id TEXT NOT NULL,
            event_hash TEXT NOT NULL,
            PRIMARY KEY (run_id, event_id),
            UNIQUE (run_id, event_hash)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO event_by_id SELECT sequence, run_id, event_id, event_hash FROM event ORDER BY run_id, event_id;
        DROP TABLE event;
        ALTER TABLE event_by_id RENAME TO event;
        """,

        // Records of kind 12, which an older program takes for damage: the version alone makes it say what it is.
        "SELECT 1",
    ];

    /// <summary>Tells the version of the file; 0 for a new one. Changes nothing.</summary>
    /// <exception cref="LedgerException">The file is newer, or none of ours.</exception>
    public static int ReadVersion(SqliteConnection connection, int versionMax)
    {
        var version = LedgerDatabase.AskNumber(connection, "PRAGMA user_version");
        var applicationId = LedgerDatabase.AskNumber(connection, "PRAGMA application_id");
        var isNew = applicationId == 0 && version == 0 && LedgerDatabase.AskNumber(connection, "SELECT count(*) FROM sqlite_schema") == 0;
        if (version < 0 || (!isNew && (applicationId != ApplicationId || version == 0)))
        {
            throw new LedgerException(LedgerFault.NotALedger, "the file is a database of another program");
        }

        if (version > versionMax)
        {
            throw new LedgerException(
                LedgerFault.NewerSchema,
                $"the ledger has schema version {version}; this program knows versions up to {versionMax}");
        }

        return (int)version;
    }

    /// <summary>Brings a file of an older version to the newest, all or nothing.</summary>
    public static void Upgrade(SqliteConnection connection, int version, ImmutableArray<string> steps)
    {
        LedgerDatabase.Run(connection, "BEGIN IMMEDIATE");
        foreach (var step in steps.AsSpan()[version..])
        {
            LedgerDatabase.Run(connection, step);
        }

        SetNumber(connection, "application_id", ApplicationId);
        SetNumber(connection, "user_version", steps.Length);
        LedgerDatabase.Run(connection, "COMMIT");
    }

    private static void SetNumber(SqliteConnection connection, string pragma, int value) =>
        LedgerDatabase.Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA {pragma} = {value}"));
}
