using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.State;
using ClawPdp.Ledger;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Connections;
using ClawPdp.Server.Issuance;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Revocations;
using ClawPdp.Server.Telemetry;
using ClawPdp.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ReasonCode = ClawPdp.Core.Decisions.ReasonCode;

namespace ClawPdp.Server.Grpc;

/// <summary>The gRPC door to tokens. It translates and decides nothing.</summary>
internal sealed class TokenGrpcService : TokenService.TokenServiceBase
{
    private const int TokenHashLength = 64;

    private readonly CstIssuer _issuer;
    private readonly CstDelegator _delegator;
    private readonly RevocationDesk _revocations;
    private readonly RevocationWatch _watch;
    private readonly LedgerStore _ledger;
    private readonly DiskWork _disk;
    private readonly DecisionEngine _engine;
    private readonly EngineStateStore _states;
    private readonly TimeProvider _time;
    private readonly CallGuard _guard;
    private readonly AdminActs _acts;

    public TokenGrpcService(
        CstIssuer issuer,
        CstDelegator delegator,
        RevocationDesk revocations,
        RevocationWatch watch,
        LedgerStore ledger,
        DiskWork disk,
        DecisionEngine engine,
        EngineStateStore states,
        TimeProvider time,
        CallGuard guard,
        AdminActs acts)
    {
        _issuer = issuer;
        _delegator = delegator;
        _revocations = revocations;
        _watch = watch;
        _ledger = ledger;
        _disk = disk;
        _engine = engine;
        _states = states;
        _time = time;
        _guard = guard;
        _acts = acts;
    }

    /// <inheritdoc/>
    public override Task<IssueCstResponse> IssueCst(IssueCstRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(TokenRequestChecks.Check(request));
        switch (request.CredentialCase)
        {
            case IssueCstRequest.CredentialOneofCase.IdJag:
                return Task.FromResult(Refuse(ReasonCode.NotSupported, "this server does not take identity assertions", "id_jag"));
            case IssueCstRequest.CredentialOneofCase.None:
                return Task.FromResult(Refuse(ReasonCode.IdTokenRequired, "no ID token was given", "id_token"));
            default:
                return _guard.WriteAsync(
                    nameof(IssueCst),
                    context,
                    request.CredentialCase == IssueCstRequest.CredentialOneofCase.ParentCst ? request.ParentCst : request.IdToken,
                    async () => WireTokens.Write(await IssueAsync(request, context)),
                    static (reason, message) => Refuse(reason, message, ""));
        }
    }

    /// <inheritdoc/>
    public override Task<IntrospectCstResponse> IntrospectCst(IntrospectCstRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(TokenRequestChecks.Check(request));
        return _guard.RunAsync(
            nameof(IntrospectCst),
            () => IntrospectAsync(request.Token, context.CancellationToken),
            (reason, message) => WireTokens.WriteInactive(reason, message, request.Token, _states.Current.Epoch));
    }

    /// <inheritdoc/>
    public override Task<RevokeCstResponse> RevokeCst(RevokeCstRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(TokenRequestChecks.Check(request));
        return _guard.RevokeAsync(
            nameof(RevokeCst),
            context,
            async () => Write(await RevokeAsync(request, AdminIdentity.Of(context.GetHttpContext()))),
            static (reason, message) => new RevokeCstResponse { Refusal = WireReasons.Refuse(reason, message) });
    }

    /// <inheritdoc/>
    public override Task<ListRevocationsResponse> ListRevocations(ListRevocationsRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(TokenRequestChecks.Check(request, out var before));
        return _guard.RunAsync(
            nameof(ListRevocations),
            () => _disk.RunAsync(() => WireRevocations.Write(RevocationPage.Read(_ledger.Revocations, before, WireRevocations.LimitOf(request.Limit))), context.CancellationToken),
            static (reason, message) => new ListRevocationsResponse { Refusal = WireReasons.Refuse(reason, message) });
    }

    /// <inheritdoc/>
    public override Task WatchRevocations(WatchRevocationsRequest request, IServerStreamWriter<WatchRevocationsResponse> responseStream, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(request.AfterSequence > long.MaxValue ? new RequestFault("after_sequence", "greater than any sequence") : null);
        return _watch.RunAsync((long)request.AfterSequence, ConnectionPeers.PeerOf(context.GetHttpContext()), responseStream, context.CancellationToken);
    }

    private static IssueCstResponse Refuse(ReasonCode reason, string message, string field) =>
        new() { Refusal = WireReasons.Refuse(reason, message, field) };

    private static RevokeCstResponse Write(RevocationOutcome outcome)
    {
        if (outcome.Refusal is var (reason, message, field))
        {
            return new RevokeCstResponse { Refusal = WireReasons.Refuse(reason, message, field) };
        }

        return new RevokeCstResponse
        {
            Revocation = new Revocation
            {
                Status = outcome.IsNew ? RevocationStatus.Revoked : RevocationStatus.AlreadyRevoked,
                RevokedAt = Timestamp.FromDateTimeOffset(outcome.RevokedAt),
                RevocationId = outcome.RevocationId,
                Epoch = (ulong)outcome.Epoch,
            },
        };
    }

    private static bool IsTokenHash(string text) => text.Length == TokenHashLength && text.All(char.IsAsciiHexDigitLower);

    private Task<IssuanceOutcome> IssueAsync(IssueCstRequest request, ServerCallContext context)
    {
        var asked = WireTokens.Read(request) with { Trace = CallTrace.Of(context) };
        return request.CredentialCase == IssueCstRequest.CredentialOneofCase.ParentCst
            ? _delegator.IssueAsync(asked with { Evidence = CallEvidence.Of(context.GetHttpContext()) }, context.CancellationToken)
            : _issuer.IssueAsync(asked, context.CancellationToken);
    }

    private async Task<IntrospectCstResponse> IntrospectAsync(string token, CancellationToken cancellation)
    {
        var examined = _engine.Inspect(token, _time.GetUtcNow());
        var response = WireTokens.Write(examined, token, _states.Current.Epoch);
        if (examined is { Reason: ReasonCode.TokenRevoked, Token: { } revoked } && await _disk.RunAsync(() => _revocations.FindTime(revoked), cancellation) is { } time)
        {
            response.RevokedAt = Timestamp.FromDateTimeOffset(time);
        }

        return response;
    }

    private async Task<RevocationOutcome> RevokeAsync(RevokeCstRequest request, AdminIdentity identity)
    {
        var outcome = await RevokeAsync(request, identity.ToString());
        if (outcome is { Refusal: null, IsNew: false })
        {
            // Its record names who revoked first.
            await _acts.NoteAsync(identity, nameof(RevokeCst), outcome.RevocationId, request.Reason);
        }

        return outcome;
    }

    private Task<RevocationOutcome> RevokeAsync(RevokeCstRequest request, string by)
    {
        var reason = request.Reason;
        return request.TargetCase switch
        {
            RevokeCstRequest.TargetOneofCase.Token => _revocations.RevokeTokenAsync(request.Token, reason, by),
            RevokeCstRequest.TargetOneofCase.TokenHash when !IsTokenHash(request.TokenHash) => Task.FromResult(new RevocationOutcome
            {
                Refusal = (ReasonCode.InvalidTokenHash, "the token hash is not 64 lower-case hexadecimal digits", "token_hash"),
            }),
            RevokeCstRequest.TargetOneofCase.TokenHash => _revocations.RevokeTokenHashAsync(request.TokenHash, reason, by),
            RevokeCstRequest.TargetOneofCase.Jti => _revocations.RevokeTokenIdAsync(request.Jti, reason, by),
            RevokeCstRequest.TargetOneofCase.IssuedBefore => RevokeIssuedBeforeAsync(request, by),
            _ => RevokeValueAsync(request, by),
        };
    }

    private Task<RevocationOutcome> RevokeIssuedBeforeAsync(RevokeCstRequest request, string by)
    {
        try
        {
            return _revocations.RevokeIssuedBeforeAsync(request.IssuedBefore.ToDateTimeOffset(), request.Reason, by);
        }
        catch (InvalidOperationException)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "issued_before: not a valid timestamp"));
        }
    }

    private Task<RevocationOutcome> RevokeValueAsync(RevokeCstRequest request, string by)
    {
        var (kind, value) = request.TargetCase switch
        {
            RevokeCstRequest.TargetOneofCase.Subject => (RevocationTargetKind.Subject, request.Subject),
            RevokeCstRequest.TargetOneofCase.OwnerRef => (RevocationTargetKind.Owner, request.OwnerRef),
            RevokeCstRequest.TargetOneofCase.Kid => (RevocationTargetKind.KeyId, request.Kid),
            RevokeCstRequest.TargetOneofCase.PolicyHashB64U => (RevocationTargetKind.PolicyHash, request.PolicyHashB64U),
            RevokeCstRequest.TargetOneofCase.MissionId => (RevocationTargetKind.Mission, request.MissionId),
            _ => throw new RpcException(new Status(StatusCode.InvalidArgument, "target: none is set")),
        };
        return _revocations.RevokeAsync(kind, value, request.Reason, by);
    }
}
