using ClawPdp.Protocols.Envoy;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Doors.Http;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Health;
using Grpc.Core;

namespace ClawPdp.Server.Doors.Envoy;

/// <summary>Answers Envoy. A failure of ours is a denial like any other: as an error, the proxy's own settings would decide.</summary>
internal sealed class EnvoyGrpcService : Authorization.AuthorizationBase
{
    private readonly EnvoySettings _settings;
    private readonly QuestionDesk _desk;
    private readonly FailureCounter _failures;
    private readonly ILogger<EnvoyGrpcService> _logger;

    public EnvoyGrpcService(EnvoySettings settings, QuestionDesk desk, FailureCounter failures, ILogger<EnvoyGrpcService> logger)
    {
        _settings = settings;
        _desk = desk;
        _failures = failures;
        _logger = logger;
    }

    /// <inheritdoc/>
    public override async Task<CheckResponse> Check(CheckRequest request, ServerCallContext context)
    {
        try
        {
            var reading = EnvoyRequests.Read(request, _settings.Rules);
            var answer = await reading.AskAsync(_desk, reading.AskerOf(context.GetHttpContext(), DecisionDoor.Envoy));
            return EnvoyAnswers.Write(HttpReply.Of(answer), _settings.RemovesToken ? reading.TokenHeaders : []);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _failures.Add();
            Log.CallFailed(_logger, context.Method, exception);
            return EnvoyAnswers.Denied();
        }
    }
}
