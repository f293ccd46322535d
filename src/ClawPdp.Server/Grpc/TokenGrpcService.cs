using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.State;
using ClawPdp.Ledger;
using ClawPdp.Server.Issuance;
using ClawPdp.Server.Revocations;
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
    private readonly RevocationDesk _revocations;
    private readonly DecisionEngine _engine;
    private readonly EngineStateStore _states;
    private readonly TimeProvider _time;
    private readonly CallGuard _guard;

    public TokenGrpcService(
        CstIssuer issuer,
        RevocationDesk revocations,
        DecisionEngine engine,
        EngineStateStore states,
        TimeProvider time,
        CallGuard guard)
    {
        _issuer = issuer;
        _revocations = revocations;
        _engine = engine;
        _states = states;
        _time = time;
        _guard = guard;
    }

    /// <inheritdoc/>
    public override Task<IssueCstResponse> IssueCst(IssueCstRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(TokenRequestChecks.Check(request));
        switch (request.CredentialCase)
        {
            case IssueCstRequest.CredentialOneofCase.ParentCst:
                return Task.FromResult(Refuse(ReasonCode.NotSupported, "this server does not delegate from a parent token", "parent_cst"));
            case IssueCstRequest.CredentialOneofCase.IdJag:
                return Task.FromResult(Refuse(ReasonCode.NotSupported, "this server does not take identity assertions", "id_jag"));
            case IssueCstRequest.CredentialOneofCase.None:
                return Task.FromResult(Refuse(ReasonCode.IdTokenRequired, "no ID token was given", "id_token"));
            default:
                return _guard.WriteAsync(
                    nameof(IssueCst),
                    context,
                    request.IdToken,
                    async () => WireTokens.Write(await _issuer.IssueAsync(WireTokens.Read(request), context.CancellationToken)),
                    static (reason, message) => Refuse(reason, message, ""));
        }
    }

    /// <inheritdoc/>
    public override Task<IntrospectCstResponse> IntrospectCst(IntrospectCstRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(TokenRequestChecks.Check(request));
        return _guard.RunAsync(
            nameof(IntrospectCst),
            () => Task.FromResult(WireTokens.Write(_engine.Examine(request.Token, _time.GetUtcNow()), request.Token, _states.Current.Epoch)),
            (reason, message) => WireTokens.WriteInactive(reason, message, request.Token, _states.Current.Epoch));
    }

    /// <inheritdoc/>
    public override Task<RevokeCstResponse> RevokeCst(RevokeCstRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(TokenRequestChecks.Check(request));
        return _guard.RevokeAsync(
            nameof(RevokeCst),
            context,
            async () => Write(await RevokeAsync(request)),
            static (reason, message) => new RevokeCstResponse { Refusal = WireReasons.Refuse(reason, message) });
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

    private Task<RevocationOutcome> RevokeAsync(RevokeCstRequest request)
    {
        var reason = request.Reason;
        return request.TargetCase switch
        {
            RevokeCstRequest.TargetOneofCase.Token => _revocations.RevokeTokenAsync(request.Token, reason),
            RevokeCstRequest.TargetOneofCase.TokenHash when !IsTokenHash(request.TokenHash) => Task.FromResult(new RevocationOutcome
            {
                Refusal = (ReasonCode.InvalidTokenHash, "the token hash is not 64 lower-case hexadecimal digits", "token_hash"),
            }),
            RevokeCstRequest.TargetOneofCase.IssuedBefore => RevokeIssuedBeforeAsync(request),
            _ => RevokeValueAsync(request),
        };
    }

    private Task<RevocationOutcome> RevokeIssuedBeforeAsync(RevokeCstRequest request)
    {
        try
        {
            return _revocations.RevokeIssuedBeforeAsync(request.IssuedBefore.ToDateTimeOffset(), request.Reason);
        }
        catch (InvalidOperationException)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "issued_before: not a valid timestamp"));
        }
    }

    private Task<RevocationOutcome> RevokeValueAsync(RevokeCstRequest request)
    {
        var (kind, value) = request.TargetCase switch
        {
            RevokeCstRequest.TargetOneofCase.TokenHash => (RevocationTargetKind.TokenHash, request.TokenHash),
            RevokeCstRequest.TargetOneofCase.Jti => (RevocationTargetKind.TokenId, request.Jti),
            RevokeCstRequest.TargetOneofCase.Subject => (RevocationTargetKind.Subject, request.Subject),
            RevokeCstRequest.TargetOneofCase.OwnerRef => (RevocationTargetKind.Owner, request.OwnerRef),
            RevokeCstRequest.TargetOneofCase.Kid => (RevocationTargetKind.KeyId, request.Kid),
            RevokeCstRequest.TargetOneofCase.PolicyHashB64U => (RevocationTargetKind.PolicyHash, request.PolicyHashB64U),
            RevokeCstRequest.TargetOneofCase.MissionId => (RevocationTargetKind.Mission, request.MissionId),
            _ => throw new RpcException(new Status(StatusCode.InvalidArgument, "target: none is set")),
        };
        return _revocations.RevokeAsync(kind, value, request.Reason);
    }
}
