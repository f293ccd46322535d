using System.Globalization;
using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.State;
using ClawPdp.Ledger;

namespace ClawPdp.Server.Revocations;

/// <summary>
/// Revokes: first in the engine's view, then on disk, then acknowledged. So nothing that the revocation covers is recorded after it.
/// </summary>
internal sealed class RevocationDesk
{
    // Callers are not told apart yet: whoever reaches the socket is one.
    private const string Caller = "local";

    private readonly DecisionEngine _engine;
    private readonly RevocationView _view;
    private readonly EngineStateStore _states;
    private readonly LedgerStore _ledger;
    private readonly TimeProvider _time;

    public RevocationDesk(DecisionEngine engine, RevocationView view, EngineStateStore states, LedgerStore ledger, TimeProvider time)
    {
        _engine = engine;
        _view = view;
        _states = states;
        _ledger = ledger;
        _time = time;
    }

    /// <summary>Puts everything that the ledger knows as revoked into the engine's view.</summary>
    public static void Restore(LedgerStore ledger, RevocationView view)
    {
        foreach (var record in ledger.LoadRevocations())
        {
            Show(view, record.Kind, record.Value);
        }
    }

    /// <summary>Revokes one token by its text, which must be one of ours; its <c>jti</c> is covered as well.</summary>
    /// <exception cref="LedgerException">It is not known to be durable. It holds until the next start all the same.</exception>
    public async Task<RevocationOutcome> RevokeTokenAsync(string token, string reason)
    {
        var examined = _engine.Examine(token, _time.GetUtcNow());
        if (examined.Token is not { } verified)
        {
            return Refuse(examined.Reason, examined.Message, "token");
        }

        // The hash goes last: its outcome is the one reported, and by then both hold.
        if (verified.Claims.TokenId is { Length: > 0 } tokenId)
        {
            await RevokeAsync(RevocationTargetKind.TokenId, tokenId, reason);
        }

        return await RevokeAsync(RevocationTargetKind.TokenHash, verified.TokenHash, reason);
    }

    /// <summary>Revokes every token issued before an instant.</summary>
    /// <exception cref="LedgerException">It is not known to be durable. It holds until the next start all the same.</exception>
    public Task<RevocationOutcome> RevokeIssuedBeforeAsync(DateTimeOffset instant, string reason)
    {
        if (instant > _time.GetUtcNow())
        {
            return Task.FromResult(Refuse(ReasonCode.RevocationTargetInvalid, "the instant lies in the future", "issued_before"));
        }

        var seconds = instant.ToUnixTimeSeconds();
        var roundedUp = DateTimeOffset.FromUnixTimeSeconds(seconds) < instant ? seconds + 1 : seconds;
        return RevokeAsync(RevocationTargetKind.IssuedBefore, roundedUp.ToString(CultureInfo.InvariantCulture), reason);
    }

    /// <summary>Revokes everything that carries a value.</summary>
    /// <exception cref="LedgerException">It is not known to be durable. It holds until the next start all the same.</exception>
    public async Task<RevocationOutcome> RevokeAsync(RevocationTargetKind kind, string value, string reason)
    {
        var now = _time.GetUtcNow();
        var record = new RevocationRecord
        {
            RevocationId = "rev_" + Guid.CreateVersion7(now).ToString("N"),
            Kind = kind,
            Value = value,
            RevokedAt = now,
            Reason = reason.Length > 0 ? reason : null,
            RevokedBy = Caller,
        };
        Show(_view, kind, value);
        var epoch = _states.Advance().Epoch;
        // A caller who goes away does not take the revocation back: once it is seen it must also come to disk.
        var appended = await _ledger.AppendRevocationAsync(record, CancellationToken.None);
        return new RevocationOutcome
        {
            IsNew = appended.Status == RevokeStatus.Revoked,
            RevokedAt = appended.Record.RevokedAt,
            RevocationId = appended.Record.RevocationId,
            Epoch = epoch,
        };
    }

    private static void Show(RevocationView view, RevocationTargetKind kind, string value)
    {
        if (kind == RevocationTargetKind.IssuedBefore)
        {
            view.RevokeIssuedBefore(long.Parse(value, CultureInfo.InvariantCulture));
        }
        else
        {
            view.Revoke((RevocationKind)(int)kind, value);
        }
    }

    private static RevocationOutcome Refuse(ReasonCode reason, string message, string field) => new() { Refusal = (reason, message, field) };
}
