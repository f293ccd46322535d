namespace ClawPdp.Ledger.Storage;

/// <summary>A span that a model call opened.</summary>
/// <param name="SpanId">The span.</param>
/// <param name="Segment">The segment of the model call's event.</param>
/// <param name="Time">The time that its receipt states.</param>
/// <param name="Phase">The phase that its receipt states; empty for none.</param>
internal sealed record StoredSpan(string SpanId, int Segment, DateTimeOffset Time, string Phase);
