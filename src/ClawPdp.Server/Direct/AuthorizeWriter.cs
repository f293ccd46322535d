using ClawPdp.Core.Decisions;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Grpc;

namespace ClawPdp.Server.Direct;

/// <summary>
/// Writes answers as the general writer does, byte for byte, without making texts and objects of their parts. The answers that hold an
/// obligation are its business.
/// </summary>
internal static class AuthorizeWriter
{
    // All numbers, instants and heads of fields together, with room to spare.
    private const int FixedSizeMax = 256;
    private const int BytesPerCharacterMax = 3;
    private const int NanosecondsPerTick = 100;

    /// <summary>Tells whether an answer can be written here, and how large it is at most, in bytes.</summary>
    public static bool CanWrite(in RecordedDecision recorded, int requestIdSize, out int sizeMax)
    {
        var decision = recorded.Decision;
        var texts = decision.MessageWords.Length + (decision.MessageName?.Length ?? 0) + recorded.DecisionId.Length + recorded.PolicyLabel.Length
            + (decision.Token?.Claims.TokenScopeHash?.Length ?? 0) + (decision.Policy?.PolicyHash.Length ?? 0);
        foreach (var id in decision.StatementIds)
        {
            texts += id.Length + BytesPerCharacterMax;
        }

        sizeMax = FixedSizeMax + requestIdSize + (texts * BytesPerCharacterMax);
        return decision.Requirement is null && decision.MessageWords.Length + (decision.MessageName?.Length ?? 0) < WireReasons.MessageLengthMax - " ``".Length;
    }

    /// <summary>Writes an answer.</summary>
    /// <returns>Its size in bytes.</returns>
    public static int Write(in RecordedDecision recorded, ReadOnlySpan<byte> requestId, Span<byte> bytes)
    {
        var decision = recorded.Decision;
        var isAllowed = decision.Effect == Effect.Allow;
        var buffer = new WireBuffer(bytes);
        buffer.Number(1, (ulong)(isAllowed ? Effect.Allow : Effect.Deny));
        buffer.Number(2, (ulong)decision.Reason);
        buffer.Number(3, (ulong)ReasonCatalog.ClassOf(decision.Reason));
        WriteMessage(ref buffer, decision, isAllowed);
        buffer.Text(5, recorded.DecisionId);
        buffer.Text(6, decision.Token is { ScopeHashFault: null } token ? token.Claims.TokenScopeHash ?? "" : "");
        buffer.Text(7, decision.Policy?.PolicyHash ?? "");
        buffer.Text(8, recorded.PolicyLabel);
        foreach (var id in decision.StatementIds)
        {
            buffer.Item(9, id);
        }

        if (decision.CacheableUntil is { } end)
        {
            WriteInstant(ref buffer, 10, end);
        }

        buffer.Number(11, (ulong)decision.Epoch);
        WriteAge(ref buffer, 12, decision.RevocationViewAge);
        WriteAge(ref buffer, 13, TimeSpan.Zero);
        buffer.Text(15, requestId);
        if (ReasonCatalog.ClassOf(decision.Reason) == ReasonClass.Transient)
        {
            WriteAge(ref buffer, 16, WireReasons.RetryDefault);
        }

        buffer.Number(17, (ulong)decision.Dimension);
        buffer.Number(18, (ulong)WireDecisions.LogModeOf(recorded.Log));
        WriteInstant(ref buffer, 19, recorded.DecidedAt);
        return buffer.Size;
    }

    private static void WriteMessage(ref WireBuffer buffer, in Engine.Decisions.Decision decision, bool isAllowed)
    {
        if (isAllowed)
        {
            return;
        }

        if (decision.MessageName is { } name)
        {
            buffer.Text(4, decision.MessageWords, name);
        }
        else
        {
            buffer.Text(4, decision.MessageWords);
        }
    }

    // Instants before 1970 would need another form; the clock of a sidecar shows none, and neither does a token's end.
    private static void WriteInstant(ref WireBuffer buffer, uint field, DateTimeOffset instant) => WriteAge(ref buffer, field, instant - DateTimeOffset.UnixEpoch);

    private static void WriteAge(ref WireBuffer buffer, uint field, TimeSpan age) =>
        buffer.Instant(field, age.Ticks / TimeSpan.TicksPerSecond, (int)(age.Ticks % TimeSpan.TicksPerSecond) * NanosecondsPerTick);
}
