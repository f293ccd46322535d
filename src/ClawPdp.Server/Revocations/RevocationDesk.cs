using System.Globalization;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.State;
using ClawPdp.Engine.Tokens;
using ClawPdp.Ledger;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Revocations;

/// <summary>
/// Revokes, in the name of whoever `by` names: first in the engine's view, then on disk, then acknowledged. So nothing that the revocation covers is recorded after it.
/// </summary>
internal sealed class RevocationDesk
{
    /// <summary>How long the revocation of a single token is kept that is not known here; longer than any token of ours lives.</summary>
    public static readonly TimeSpan UnknownTokenLifetime = TimeSpan.FromDays(30);

    // Who verifies tokens elsewhere may have a clock that is behind.
    private static readonly TimeSpan ClockMargin = TimeSpan.FromHours(1);

    private readonly DecisionEngine _engine;
    private readonly RevocationView _view;
    private readonly EngineStateStore _states;
    private readonly LedgerStore _ledger;
    private readonly DiskWork _disk;
    private readonly RevocationFeed _feed;
    private readonly KeyRingStore _keys;
    private readonly EventMeter _meter;
    private readonly TimeProvider _time;

    public RevocationDesk(DecisionEngine engine, RevocationView view, EngineStateStore states, LedgerStore ledger, DiskWork disk, RevocationFeed feed, KeyRingStore keys, EventMeter meter, TimeProvider time)
    {
        _keys = keys;
        _engine = engine;
        _view = view;
        _states = states;
        _ledger = ledger;
        _disk = disk;
        _feed = feed;
        _meter = meter;
        _time = time;
    }

    /// <summary>Puts everything that the ledger knows as revoked into the engine's view, whatever the clock says: a later look drops what is over.</summary>
    public static void Restore(LedgerStore ledger, RevocationView view) =>
        ledger.Revocations.VisitTargets(target => Show(view, target.Kind, target.Value, target.ExpiresAt));

    /// <summary>Revokes one token by its text, which must be one of ours; its <c>jti</c> is covered as well.</summary>
    /// <exception cref="LedgerException">It is not known to be durable. It holds until the next start all the same.</exception>
    public async Task<RevocationOutcome> RevokeTokenAsync(string token, string reason, string by)
    {
        var examined = Examine(token);
        if (examined.Token is not { } verified)
        {
            return Refuse(examined.Reason, examined.Message, "token");
        }

        var end = EndOf(DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(verified.Claims.ExpiresAt, 0, 253_402_300_799)));

        // The hash goes last: its outcome is the one reported, and by then both hold.
        if (verified.Claims.TokenId is { Length: > 0 } tokenId)
        {
            await RevokeAsync(RevocationTargetKind.TokenId, tokenId, reason, by, end);
        }

        return await RevokeAsync(RevocationTargetKind.TokenHash, verified.TokenHash, reason, by, end);
    }

    /// <summary>Revokes one token by the hash of its text, known here or not.</summary>
    /// <exception cref="LedgerException">It is not known to be durable. It holds until the next start all the same.</exception>
    public async Task<RevocationOutcome> RevokeTokenHashAsync(string tokenHash, string reason, string by)
    {
        // Shown before the ledger is read: a disk that does not answer must not keep it from holding.
        Show(RevocationTargetKind.TokenHash, tokenHash, UnknownEnd());
        return await RevokeAsync(RevocationTargetKind.TokenHash, tokenHash, reason, by, await FindEndAsync(tokenHash));
    }

    /// <summary>Revokes one token by its text: one of ours with its <c>jti</c>, any other by its hash, as it may be of a key that is accepted again.</summary>
    /// <exception cref="LedgerException">It is not known to be durable. It holds until the next start all the same.</exception>
    public async Task<RevocationOutcome> RevokeTextAsync(string text, string reason, string by)
    {
        var outcome = await RevokeTokenAsync(text, reason, by);
        return outcome.Refusal is null ? outcome : await RevokeTokenHashAsync(Sha256.Hex(text), reason, by);
    }

    /// <summary>Revokes one token by its <c>jti</c>, known here or not.</summary>
    /// <exception cref="LedgerException">It is not known to be durable. It holds until the next start all the same.</exception>
    public Task<RevocationOutcome> RevokeTokenIdAsync(string tokenId, string reason, string by) =>
        RevokeAsync(RevocationTargetKind.TokenId, tokenId, reason, by, UnknownEnd());

    /// <summary>Finds when a token, or one that it descends from, was first revoked; <see langword="null"/> when none was, or by nothing on disk.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public DateTimeOffset? FindTime(VerifiedToken token)
    {
        var targets = token.Lineage.SelectMany(static covered => covered.Targets()).Distinct();
        var times = targets.Select(target => _ledger.Revocations.Find((RevocationTargetKind)(int)target.Kind, target.Value)?.Record.RevokedAt);
        var cuts = _ledger.Revocations.Find(RevocationTargetKind.IssuedBefore)
            .Where(cut => long.Parse(cut.Record.Value, CultureInfo.InvariantCulture) > token.Traits.OldestIssuedAt)
            .Select(static cut => (DateTimeOffset?)cut.Record.RevokedAt);
        return times.Concat(cuts).Min();
    }

    /// <summary>Revokes every token issued before an instant.</summary>
    /// <exception cref="LedgerException">It is not known to be durable. It holds until the next start all the same.</exception>
    public Task<RevocationOutcome> RevokeIssuedBeforeAsync(DateTimeOffset instant, string reason, string by)
    {
        if (instant > _time.GetUtcNow())
        {
            return Task.FromResult(Refuse(ReasonCode.RevocationTargetInvalid, "the instant lies in the future", "issued_before"));
        }

        var seconds = instant.ToUnixTimeSeconds();
        var roundedUp = DateTimeOffset.FromUnixTimeSeconds(seconds) < instant ? seconds + 1 : seconds;
        return RevokeAsync(RevocationTargetKind.IssuedBefore, roundedUp.ToString(CultureInfo.InvariantCulture), reason, by);
    }

    /// <summary>Revokes everything that carries a value.</summary>
    /// <exception cref="LedgerException">It is not known to be durable. It holds until the next start all the same.</exception>
    public Task<RevocationOutcome> RevokeAsync(RevocationTargetKind kind, string value, string reason, string by) => RevokeAsync(kind, value, reason, by, expiresAt: null);

    private static void Show(RevocationView view, RevocationTargetKind kind, string value, DateTimeOffset? expiresAt)
    {
        if (kind == RevocationTargetKind.IssuedBefore)
        {
            view.RevokeIssuedBefore(long.Parse(value, CultureInfo.InvariantCulture));
        }
        else
        {
            view.Revoke((RevocationKind)(int)kind, value, expiresAt);
        }
    }

    private static RevocationOutcome Refuse(ReasonCode reason, string message, string field) => new() { Refusal = (reason, message, field) };

    private static DateTimeOffset EndOf(DateTimeOffset tokenEnd) => tokenEnd + ClockMargin;

    // A clock that is behind the ledger will be put right: by then the end must not be past.
    private DateTimeOffset UnknownEnd()
    {
        var (now, newest) = (_time.GetUtcNow(), _ledger.Health.NewestAtOpening ?? DateTimeOffset.MinValue);
        return (newest > now ? newest : now) + UnknownTokenLifetime;
    }

    private async Task<DateTimeOffset> FindEndAsync(string tokenHash)
    {
        try
        {
            var known = await _disk.RunAsync(() => _ledger.GetIssuance(tokenHash), CancellationToken.None);
            return known is null ? UnknownEnd() : EndOf(known.ExpiresAt);
        }
        catch (LedgerException)
        {
            // How long it is kept is not worth refusing it.
            return UnknownEnd();
        }
    }

    private TokenVerification Examine(string token)
    {
        try
        {
            return _engine.Inspect(token, _time.GetUtcNow());
        }
        catch (LedgerException)
        {
            // Its parents cannot be read, so nobody knows whether it is one of ours; no text but this has its hash.
            Show(RevocationTargetKind.TokenHash, Sha256.Hex(token), UnknownEnd());
            throw;
        }
    }

    private long Show(RevocationTargetKind kind, string value, DateTimeOffset? expiresAt)
    {
        Show(_view, kind, value, expiresAt);
        return _states.Advance().Epoch;
    }

    private async Task<RevocationOutcome> RevokeAsync(RevocationTargetKind kind, string value, string reason, string by, DateTimeOffset? expiresAt)
    {
        var now = _time.GetUtcNow();
        var record = new RevocationRecord
        {
            RevocationId = "rev_" + Guid.CreateVersion7(now).ToString("N"),
            Kind = kind,
            Value = value,
            RevokedAt = now,
            Reason = reason.Length > 0 ? reason : null,
            RevokedBy = by,
            ExpiresAt = expiresAt,
        };
        var epoch = Show(kind, value, expiresAt);
        var place = _feed.Begin(now);
        // A caller who goes away does not take the revocation back: once it is seen it must also come to disk.
        var appended = await _ledger.Revocations.AppendAsync(record, CancellationToken.None);
        _feed.End(place);
        if (kind == RevocationTargetKind.KeyId)
        {
            // A key of receipts gets its successor now, also one that another process made since the last look.
            await _keys.ReloadAsync();
        }

        if (appended.Status == RevokeStatus.Revoked)
        {
            _meter.CountRevoked(kind);
        }

        return new RevocationOutcome
        {
            IsNew = appended.Status == RevokeStatus.Revoked,
            RevokedAt = appended.Record.RevokedAt,
            RevocationId = appended.Record.RevocationId,
            Epoch = epoch,
        };
    }
}
