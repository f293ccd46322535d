using System.Text;
using ClawPdp.Core.Json;
using ClawPdp.Protocols.Envoy;
using ClawPdp.Protocols.ExtMcp;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Direct;
using ClawPdp.Server.Doors.AuthZen;
using ClawPdp.Server.Doors.Envoy;
using ClawPdp.Server.Doors.ExtMcp;
using ClawPdp.Server.Doors.Hook;
using ClawPdp.Server.Doors.Http;
using ClawPdp.Server.Doors.McpGuard;
using ClawPdp.Server.Doors.OAuth;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Settings;
using ClawPdp.V1;
using Google.Protobuf;

namespace ClawPdp.Fuzz.Targets;

/// <summary>What callers and proxies send to the doors.</summary>
internal static class DoorTargets
{
    private const int BodyMax = 262_144;

    private static readonly HttpRules Rules = new();

    private static readonly AccessCaller Caller = new("token", "id", new Asker(new CallPeer("fuzz"), DecisionDoor.AuthZen, default));

    private static readonly IssuanceSettings Issuance = new()
    {
        ScopeMappingPath = "",
        AllowWildcards = false,
        LifetimeMaxSeconds = 3600,
        LifetimeDefaultSeconds = 600,
        Agents = [],
        Audiences = ["clawpdp"],
    };

    /// <summary>Gets the parsers, in an order that the seeds rely on.</summary>
    public static Action<byte[]>[] All { get; } = [Direct, Deadline, McpLine, HookEvent, Access, Form, EnvoyCheck, ExtMcpCall, ToolList];

    // Where the quick reader answers it reads what the general one reads.
    private static void Direct(byte[] input)
    {
        if (AuthorizeReader.TryRead(input, memo: null, out var asked, out var requestId))
        {
            var request = AuthorizeRequest.Parser.ParseFrom(input);
            Must.Hold(asked.Question.Token.AsText() == request.Cst, "another token");
            Must.Hold(asked.Question.Tool == request.Tool && asked.Question.Model == request.Model && asked.Question.Host == request.Host, "another action");
            Must.Hold(asked.Question.PolicyHash == request.PolicyHash && asked.Question.Provider == request.Provider && asked.Question.Audience == request.Audience, "another policy, provider or audience");
            Must.Hold((asked.Question.Stated?.Count ?? 0) == request.Context.Count, "another context");
            Must.Hold(Encoding.UTF8.GetString(requestId.Span) == request.RequestId, "another id");
        }
    }

    private static void Deadline(byte[] input) => _ = CallDeadline.TryParse(Encoding.Latin1.GetString(input), out _);

    private static void McpLine(byte[] input) => _ = McpMessage.TryRead(input, out _, out _);

    private static void HookEvent(byte[] input) => _ = HookReader.TryRead(input, out _, out _);

    private static void Access(byte[] input)
    {
        if (!JsonReader.Parse(input, BodyMax).TryGet(out var body))
        {
            return;
        }

        foreach (var hasAction in new[] { true, false })
        {
            if (AccessReader.Read(body, hasAction, out _) is { } question)
            {
                _ = AccessMapping.Write(question, Caller, out _);
            }
        }

        if (body.Kind == JsonKind.Object && AccessReader.FaultOfDefaults(body).Length == 0)
        {
            _ = AccessReader.WithDefaults(body, body);
        }
    }

    private static void Form(byte[] input)
    {
        if (FormParameters.Parse(input) is { } form)
        {
            _ = ExchangeReader.Read(form, Issuance, new IssueCstRequest());
        }
    }

    private static void EnvoyCheck(byte[] input)
    {
        if (TryParse(CheckRequest.Parser, input) is { } request)
        {
            _ = EnvoyRequests.Read(request, Rules);
        }
    }

    private static void ExtMcpCall(byte[] input)
    {
        if (TryParse(McpRequest.Parser, input) is { } request)
        {
            _ = ExtMcpRequests.ReadCall(request, Rules);
            _ = ExtMcpRequests.ReadMethod(request, Rules);
        }
    }

    private static void ToolList(byte[] input) => _ = ToolListResult.TryRead(input, out _);

    private static T? TryParse<T>(MessageParser<T> parser, byte[] input)
        where T : class, IMessage<T>
    {
        try
        {
            return parser.ParseFrom(input);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
