using ClawPdp.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClawPdp.Floor;

/// <summary>One answer of the size that an allow of the sidecar has, made once.</summary>
public sealed class FixedAnswers
{
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private readonly AuthorizeResponse _answer = new()
    {
        Effect = Effect.Allow,
        ReasonCode = ReasonCode.Allowed,
        DecisionId = "dec_" + Guid.CreateVersion7().ToString("N"),
        TokenScopeHashB64U = Hash,
        PolicyHashB64U = Hash,
        PolicyVersion = "deploy-approval-v3",
        CacheableUntil = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddYears(56)),
        Epoch = (ulong)long.MaxValue / 4,
        RevocationViewAge = new Duration(),
        KeyViewAge = new Duration(),
        LogMode = LogMode.Asynchronous,
        DecidedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddYears(56).AddTicks(1_234_567)),
    };

    /// <summary>Gives the answer to a question: the same one always, but for the echo of the question's id.</summary>
    public AuthorizeResponse For(AuthorizeRequest? request) =>
        request is null || request.RequestId.Length == 0 ? _answer : new AuthorizeResponse(_answer) { RequestId = request.RequestId };
}
