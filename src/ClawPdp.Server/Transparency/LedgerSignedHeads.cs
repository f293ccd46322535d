using System.Globalization;
using ClawPdp.Core.Json;
using ClawPdp.Ledger;
using ClawPdp.TransparencyLog;

namespace ClawPdp.Server.Transparency;

/// <summary>Keeps in the ledger's file what the log signed last: neither can be set back without the other telling.</summary>
internal sealed class LedgerSignedHeads : ISignedHeadStore
{
    /// <summary>The name of the head among the ledger's named values.</summary>
    public const string Name = "log_signed_head";

    private const int SizeMaxBytes = 1024;

    private readonly LedgerStore _ledger;

    public LedgerSignedHeads(LedgerStore ledger) => _ledger = ledger;

    /// <inheritdoc/>
    public SignedHead? Load() => Read(_ledger.GetMeta(Name));

    /// <summary>Reads a head as it is kept; <see langword="null"/> for none.</summary>
    /// <exception cref="LogDamagedException">It cannot be read.</exception>
    public static SignedHead? Read(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(text), SizeMaxBytes).TryGet(out var head)
            ? new SignedHead(Number(head, "size"), head.FindText("root") ?? "", Number(head, "last_sequence"), Number(head, "receipt_count"), head.FindText("published_at") ?? "")
            : throw new LogDamagedException("what the log signed last cannot be read from the ledger");
    }

    /// <inheritdoc/>
    public void Save(SignedHead head)
    {
        var text = JsonWriter.CanonicalText(new JsonObjectBuilder()
            .Add("size", head.Size)
            .Add("root", head.RootHash)
            .Add("last_sequence", head.LastSequence)
            .Add("receipt_count", head.ReceiptCount)
            .Add("published_at", head.PublishedAt)
            .Build());
        try
        {
            _ledger.SetMetaAsync(Name, text).GetAwaiter().GetResult();
        }
        catch (LedgerException failure)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"the ledger did not keep the head of size {head.Size}"), failure);
        }
    }

    private static long Number(JsonValue head, string name) => (long)(head.Find(name)?.Number ?? -1);
}
