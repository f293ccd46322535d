using System.Text.Json;

namespace ClawPdp.Server.Grpc;

/// <summary>What a receipt's envelope names, picked out of its text without reading the rest. Each is empty when it is not there.</summary>
internal sealed record ReceiptNames
{
    private static readonly ReceiptNames None = new();

    public string SignerDid { get; private set; } = "";

    public string TokenScopeHash { get; private set; } = "";

    public string PolicyHash { get; private set; } = "";

    public string EventHash { get; private set; } = "";

    public string SpanId { get; private set; } = "";

    /// <summary>Reads an envelope that was signed here; one that is no JSON names nothing.</summary>
    public static ReceiptNames Read(ReadOnlySpan<byte> envelope)
    {
        var names = new ReceiptNames();
        var reader = new Utf8JsonReader(envelope);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && !IsOnTheWay(ref reader))
                {
                    names.Take(ref reader);
                }
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return None;
        }

        return names;
    }

    private static bool IsOnTheWay(ref Utf8JsonReader reader) =>
        (reader.CurrentDepth == 1 && reader.ValueTextEquals("payload"u8)) || (reader.CurrentDepth == 2 && reader.ValueTextEquals("binding"u8));

    private void Take(ref Utf8JsonReader reader)
    {
        if (reader.CurrentDepth == 1 && reader.ValueTextEquals("signer_did"u8))
        {
            SignerDid = Next(ref reader);
        }
        else if (reader.CurrentDepth != 3)
        {
            reader.Skip();
        }
        else if (reader.ValueTextEquals("token_scope_hash_b64u"u8))
        {
            TokenScopeHash = Next(ref reader);
        }
        else if (reader.ValueTextEquals("policy_hash"u8))
        {
            PolicyHash = Next(ref reader);
        }
        else if (reader.ValueTextEquals("event_hash_b64u"u8))
        {
            EventHash = Next(ref reader);
        }
        else if (reader.ValueTextEquals("span_id"u8))
        {
            SpanId = Next(ref reader);
        }
        else
        {
            reader.Skip();
        }
    }

    private static string Next(ref Utf8JsonReader reader)
    {
        reader.Skip();
        return reader.TokenType == JsonTokenType.String ? reader.GetString() ?? "" : "";
    }
}
