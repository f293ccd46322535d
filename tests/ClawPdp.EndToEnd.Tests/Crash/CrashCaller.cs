using System.Globalization;
using ClawPdp.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClawPdp.EndToEnd.Tests.Crash;

/// <summary>A caller with a connection of its own, who keeps what it was told. A call gives false when the connection is gone.</summary>
internal sealed class CrashCaller : IDisposable
{
    private static readonly TimeSpan CallTimeMax = TimeSpan.FromSeconds(15);

    private readonly CrashLoad _load;
    private readonly SidecarHome _home;
    private readonly Acknowledgements _told;
    private readonly GrpcChannel _channel;
    private readonly string _name;
    private int _number;
    private bool _isStarted;

    public CrashCaller(CrashLoad load, SidecarHome home, string address, Acknowledgements told, string name)
    {
        _load = load;
        _home = home;
        _told = told;
        _channel = GrpcChannel.ForAddress(address);
        _name = name;
    }

    private static DateTime Deadline => DateTime.UtcNow + CallTimeMax;

    private ReceiptService.ReceiptServiceClient Receipts => new(_channel);

    private RunService.RunServiceClient Runs => new(_channel);

    public void Dispose() => _channel.Dispose();

    public Task<bool> AskAsync(TokenSlot slot) => GuardAsync(async () =>
    {
        var wasRevoked = slot.IsRevoked;
        var answer = await new DecisionService.DecisionServiceClient(_channel).AuthorizeAsync(new AuthorizeRequest { Cst = slot.Token, Tool = LiveSidecar.Tool, RunId = _name }, deadline: Deadline);
        Judge("Authorize", answer.Effect == Effect.Allow, answer.ReasonCode, slot, wasRevoked);
        _told.Add(answer.LogMode == LogMode.Durable ? _told.DurableDecisions : _told.AsynchronousDecisions, answer.DecisionId);
    });

    public async Task<bool> SignAsync(TokenSlot slot) => await SignAsync(slot, LiveSidecar.ReceiptOf(slot.Token, _name, NextName()));

    /// <summary>Sends one request twice at once: two answers, one receipt.</summary>
    public async Task<bool> SignTwiceAsync(TokenSlot slot)
    {
        var request = LiveSidecar.ReceiptOf(slot.Token, _name, NextName());
        var goesOn = await Task.WhenAll(SignAsync(slot, request), SignAsync(slot, request));
        return goesOn[0] && goesOn[1];
    }

    public Task<bool> AppendAsync(TokenSlot slot) => GuardAsync(async () =>
    {
        var wasRevoked = slot.IsRevoked;
        var request = new AppendEventRequest
        {
            Cst = slot.Token,
            RunId = _name,
            EventId = NextName(),
            EventType = "tool_call",
            Timestamp = "2026-01-01T00:00:00.000Z",
            PayloadHashB64U = LiveSidecar.Hash,
        };
        if (!await IsStartedAsync(slot))
        {
            return;
        }

        var answer = await Runs.AppendEventAsync(request, deadline: Deadline);
        var isAppended = answer.OutcomeCase == AppendEventResponse.OutcomeOneofCase.Event;
        Judge("AppendEvent", isAppended, answer.Refusal?.ReasonCode ?? ReasonCode.Allowed, slot, wasRevoked);
        if (isAppended)
        {
            _told.Add(_told.Events, (request, answer.Event));
        }
    });

    /// <summary>Asks for a new token.</summary>
    public Task<bool> RenewAsync(Action<TokenSlot> take) => GuardAsync(async () =>
    {
        var request = new IssueCstRequest { IdToken = _home.Mint(), AgentDid = PublishedSidecar.AgentDid };
        request.Audiences.Add("clawpdp");
        var answer = await new TokenService.TokenServiceClient(_channel).IssueCstAsync(request, deadline: Deadline);
        if (answer.OutcomeCase != IssueCstResponse.OutcomeOneofCase.Issued)
        {
            Surprise("IssueCst", answer.Refusal.ReasonCode);
            return;
        }

        var slot = new TokenSlot(answer.Issued.Cst, answer.Issued.TokenHash);
        _told.Add(_told.Tokens, slot);
        take(slot);
    });

    /// <summary>Revokes a token, and tries to use it at once.</summary>
    public async Task<bool> RevokeAsync(TokenSlot slot) => await SendRevocationAsync(slot) && await SignAsync(slot) && await AskAsync(slot);

    private Task<bool> SendRevocationAsync(TokenSlot slot) => GuardAsync(async () =>
    {
        slot.IsRevocationSent = true;
        var answer = await new TokenService.TokenServiceClient(_channel).RevokeCstAsync(new RevokeCstRequest { Token = slot.Token }, deadline: Deadline);
        if (answer.OutcomeCase != RevokeCstResponse.OutcomeOneofCase.Revocation)
        {
            Surprise("RevokeCst", answer.Refusal.ReasonCode);
            return;
        }

        slot.IsRevoked = true;
        _told.Add(_told.Revocations, (slot, answer.Revocation.RevocationId));
    });

    private async Task<bool> SignAsync(TokenSlot slot, SignReceiptRequest request)
    {
        var isAnswered = await GuardAsync(async () =>
        {
            var wasRevoked = slot.IsRevoked;
            var answer = await Receipts.SignReceiptAsync(request, deadline: Deadline);
            var isSigned = answer.OutcomeCase == SignReceiptResponse.OutcomeOneofCase.Receipt;
            Judge("SignReceipt", isSigned, answer.Refusal?.ReasonCode ?? ReasonCode.Allowed, slot, wasRevoked);
            if (isSigned)
            {
                _told.Add(_told.Receipts, (request, answer.Receipt, slot));
            }
            else if (answer.Refusal?.ReasonCode == ReasonCode.LedgerUnavailable)
            {
                _told.OpenReceipts.Enqueue((request, slot));
            }
        });
        if (!isAnswered)
        {
            _told.OpenReceipts.Enqueue((request, slot));
        }

        return isAnswered;
    }

    // Whoever shares the token may have revoked it: then the run is started later, with another.
    private async Task<bool> IsStartedAsync(TokenSlot slot)
    {
        if (!_isStarted)
        {
            var wasRevoked = slot.IsRevoked;
            var answer = await Runs.StartRunAsync(new StartRunRequest { Cst = slot.Token, RunId = _name }, deadline: Deadline);
            _isStarted = answer.OutcomeCase == StartRunResponse.OutcomeOneofCase.Run;
            Judge("StartRun", _isStarted, answer.Refusal?.ReasonCode ?? ReasonCode.Allowed, slot, wasRevoked);
        }

        return _isStarted;
    }

    private async Task<bool> GuardAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (RpcException) when (_load.IsEnding)
        {
            return false;
        }
        catch (RpcException failure)
        {
            _told.Surprises.Enqueue($"{_name}: {failure.Status}");
            return false;
        }
    }

    private void Judge(string method, bool isAllowed, ReasonCode reason, TokenSlot slot, bool wasRevoked)
    {
        if (isAllowed && wasRevoked)
        {
            _told.Surprises.Enqueue($"{_name}: {method} honoured a token whose revocation was acknowledged");
        }

        if (!isAllowed && (reason != ReasonCode.TokenRevoked || !slot.IsRevocationSent))
        {
            Surprise(method, reason);
        }
    }

    private void Surprise(string method, ReasonCode reason)
    {
        // A process that drains may already have closed its ledger.
        if (!_load.IsEnding || reason != ReasonCode.LedgerUnavailable)
        {
            _told.Surprises.Enqueue($"{_name}: {method} was refused with {reason}");
        }
    }

    private string NextName() => string.Create(CultureInfo.InvariantCulture, $"{_name}-{++_number}");
}
