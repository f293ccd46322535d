using System.CommandLine;
using System.Globalization;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Ledger;
using ClawPdp.Server.Keys;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp keys doubt KID</c>: says what is in doubt when a key of tokens or receipts was in other hands.</summary>
internal static class KeyDoubtCommand
{
    private const int ListedMax = 20;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var keyId = new Argument<string>("KID") { Description = "the id of the key" };
        var data = CommonOptions.Data();
        var since = new Option<string?>("--since") { Description = "when the key may have been in other hands first (RFC 3339); ever when absent", HelpName = "TIME" };
        var json = CommonOptions.Json();
        var command = new Command("doubt", "Say what is in doubt when a key of tokens or receipts was in other hands; exit code 1 when something is") { keyId, data, since, json };
        command.SetAction(parsed =>
        {
            var key = parsed.GetValue(keyId) ?? "";
            var start = InstantOf(parsed.GetValue(since));
            var folder = LedgerCommand.Require(parsed.GetValue(data));
            using var ledger = LedgerReader.Open(folder);
            if (FindOfReceipts(folder, key) is { } ofReceipts)
            {
                return Print(ofReceipts.KeyId, ReceiptKeyDoubt.Of(ledger, ofReceipts), parsed.GetValue(json));
            }

            var doubt = KeyDoubt.Of(ledger, key, start);
            Print(key, doubt, parsed.GetValue(json));
            return doubt.NeverIssued.IsEmpty ? ExitCodes.Ok : ExitCodes.BadVerdict;
        });
        return command;
    }

    // A key that the folder does not know is taken for one of tokens, as its file may be gone.
    private static Ed25519PublicKey? FindOfReceipts(string folder, string keyId) => KeyStore.FolderOf(folder).Exists
        ? new KeyStore(folder, TimeProvider.System).LoadPublic().Keys
            .FirstOrDefault(key => key.Purpose == KeyPurpose.Receipt && string.Equals(key.PublicKey.KeyId, keyId, StringComparison.Ordinal))?.PublicKey
        : null;

    private static int Print(string keyId, ReceiptKeyDoubt doubt, bool isJson)
    {
        var revokedAt = doubt.RevokedAt is { } at ? Rfc3339.Format(at) : null;
        if (isJson)
        {
            Output.Json(new JsonObjectBuilder()
                .Add("kid", keyId)
                .Add("purpose", KeyPurposeText.NameOf(KeyPurpose.Receipt))
                .AddIfPresent("revoked_at", revokedAt)
                .Add("revoked_by_record", doubt.RevokedBy)
                .Add("signed_count", doubt.SignedCount)
                .Add("signed_after", JsonValue.ArrayOf([.. doubt.SignedAfter.Select(static sequence => JsonValue.Of(sequence))]))
                .Build());
        }
        else
        {
            Output.Pairs(
            [
                ("revoked at", revokedAt is null ? "not revoked: clawpdp revoke --kid " + keyId : string.Create(CultureInfo.InvariantCulture, $"{revokedAt}, by record {doubt.RevokedBy}")),
                ("signed here", string.Create(CultureInfo.InvariantCulture, $"{doubt.SignedCount} receipts and issuances, each recorded and in the log: not in doubt")),
                ("signed afterwards", Listed([.. doubt.SignedAfter.Select(static sequence => string.Create(CultureInfo.InvariantCulture, $"record {sequence}"))])),
                ("anything else", "is none of this sidecar's: take what this key signed with its proof from the log alone"),
            ]);
        }

        return doubt.SignedAfter.IsEmpty ? ExitCodes.Ok : ExitCodes.BadVerdict;
    }

    private static DateTimeOffset InstantOf(string? text)
    {
        if (text is null)
        {
            return DateTimeOffset.MinValue;
        }

        return Rfc3339.TryParse(text, out var instant) ? instant : throw new InputException($"--since: `{text}` is no instant such as 2026-01-01T00:00:00Z");
    }

    private static void Print(string keyId, KeyDoubt doubt, bool isJson)
    {
        var revokedAt = doubt.RevokedAt is { } at ? Rfc3339.Format(at) : null;
        if (isJson)
        {
            Output.Json(new JsonObjectBuilder()
                .Add("kid", keyId)
                .AddIfPresent("revoked_at", revokedAt)
                .Add("issued_count", doubt.IssuedCount)
                .Add("never_issued", JsonValue.ArrayOf(doubt.NeverIssued))
                .Add("decision_ids", JsonValue.ArrayOf(doubt.Decisions))
                .Add("receipt_ids", JsonValue.ArrayOf(doubt.Receipts))
                .Build());
            return;
        }

        Output.Pairs(
        [
            ("revoked at", revokedAt ?? "not revoked: clawpdp revoke --kid " + keyId),
            ("issued here", string.Create(CultureInfo.InvariantCulture, $"{doubt.IssuedCount} tokens, each recorded: not in doubt")),
            ("never issued here", string.Create(CultureInfo.InvariantCulture, $"{doubt.NeverIssued.Length} tokens that were taken for good")),
            ("allowed with them", Listed(doubt.Decisions)),
            ("signed for them", Listed(doubt.Receipts)),
        ]);
    }

    private static string Listed(IReadOnlyCollection<string> ids) => ids.Count switch
    {
        0 => "nothing",
        > ListedMax => string.Create(CultureInfo.InvariantCulture, $"{ids.Count}, the first: {string.Join(' ', ids.Take(ListedMax))}; all with --json"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{ids.Count}: {string.Join(' ', ids)}"),
    };
}
