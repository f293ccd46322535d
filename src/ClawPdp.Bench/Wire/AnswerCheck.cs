using ClawPdp.Core.Decisions;

namespace ClawPdp.Bench.Wire;

/// <summary>Holds every answer against what must come. Each gives <see langword="null"/> for a good one, or the kind of fault.</summary>
internal static class AnswerCheck
{
    public const string Broken = "MALFORMED_ANSWER";
    public const string WrongCount = "WRONG_NUMBER_OF_ANSWERS";
    public const string WrongId = "ANSWER_TO_ANOTHER_QUESTION";
    public const string NoSignature = "RECEIPT_WITHOUT_SIGNATURE";

    private const int Allow = 1;
    private const int Deny = 2;
    private const int AnswerField = 1;

    /// <summary>Checks an <c>AuthorizeResponse</c>.</summary>
    /// <param name="message">The answer.</param>
    /// <param name="question">The question's number.</param>
    /// <param name="isDenied">Whether it must be denied, and for what it asks: a denial of the token is another fault.</param>
    public static string? Decision(ReadOnlySpan<byte> message, long question, bool isDenied)
    {
        var (effect, reason, dimension, isOwn) = (0UL, 0UL, 0UL, false);
        var fields = new ProtoFields(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    effect = fields.Number;
                    break;
                case 2:
                    reason = fields.Number;
                    break;
                case 15:
                    isOwn = SequenceId.Equals(fields.Bytes, question);
                    break;
                case 17:
                    dimension = fields.Number;
                    break;
                default:
                    break;
            }
        }

        if (fields.IsBroken)
        {
            return Broken;
        }

        if (!isOwn)
        {
            return WrongId;
        }

        return isDenied
            ? (effect == Deny && dimension != 0 ? null : effect == Allow ? "ALLOWED_INSTEAD_OF_DENIED" : "DENIED_FOR_ANOTHER_REASON " + NameOf(reason))
            : (effect == Allow ? null : "DENIED " + NameOf(reason));
    }

    /// <summary>Checks an <c>AuthorizeStreamResponse</c>.</summary>
    public static string? StreamAnswer(ReadOnlySpan<byte> message, long question, bool isDenied)
    {
        var answer = new ProtoFields(message);
        return answer.Next() && answer.Field == AnswerField ? Decision(answer.Bytes, question, isDenied) : Broken;
    }

    /// <summary>Checks an <c>AuthorizeBatchResponse</c>.</summary>
    /// <param name="message">The answer.</param>
    /// <param name="first">The first question's number.</param>
    /// <param name="count">How many questions there were.</param>
    /// <param name="frames">Says which of them must be denied.</param>
    public static string? Batch(ReadOnlySpan<byte> message, long first, int count, QuestionFrames frames)
    {
        var found = 0;
        var fields = new ProtoFields(message);
        while (fields.Next())
        {
            if (fields.Field != AnswerField)
            {
                continue;
            }

            if (found == count)
            {
                return WrongCount;
            }

            if (Decision(fields.Bytes, first + found, frames.IsDenied(first + found)) is { } fault)
            {
                return fault;
            }

            found++;
        }

        return fields.IsBroken ? Broken : found == count ? null : WrongCount;
    }

    /// <summary>Checks a <c>SignReceiptResponse</c>: a receipt with a signature, about this nonce and this run.</summary>
    public static string? Receipt(ReadOnlySpan<byte> message, long nonce, ReadOnlySpan<byte> runId)
    {
        var fields = new ProtoFields(message);
        while (fields.Next())
        {
            if (fields.Field == 1)
            {
                return SignedReceipt(fields.Bytes, nonce, runId);
            }

            if (fields.Field == 2)
            {
                var refusal = new ProtoFields(fields.Bytes);
                return "REFUSED " + (refusal.Next() && refusal.Field == 1 ? NameOf(refusal.Number) : "without a reason");
            }
        }

        return Broken;
    }

    private static string? SignedReceipt(ReadOnlySpan<byte> receipt, long nonce, ReadOnlySpan<byte> runId)
    {
        const int SignatureLength = 86;
        ReadOnlySpan<byte> envelope = [];
        ReadOnlySpan<byte> run = [];
        var fields = new ProtoFields(receipt);
        while (fields.Next())
        {
            envelope = fields.Field == 3 ? fields.Bytes : envelope;
            run = fields.Field == 7 ? fields.Bytes : run;
        }

        var name = "\"signature_b64u\":\""u8;
        var start = envelope.IndexOf(name);
        var signature = start < 0 ? default : envelope[(start + name.Length)..];
        if (fields.IsBroken || signature.IndexOf((byte)'"') != SignatureLength)
        {
            return fields.IsBroken ? Broken : NoSignature;
        }

        Span<byte> own = stackalloc byte[SequenceId.Length];
        SequenceId.Write(own, nonce);
        return run.SequenceEqual(runId) && envelope.IndexOf(own) >= 0 ? null : WrongId;
    }

    private static string NameOf(ulong code) => code <= int.MaxValue ? ReasonCatalog.NameOf((ReasonCode)(int)code) : "UNKNOWN";
}
