using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using ClawPdp.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ClawPdp.Client.Tests;

/// <summary>A peer that does what a test tells it, raw bytes included, since a real sidecar cannot be made to misbehave.</summary>
public sealed class ScriptedPeer : IAsyncLifetime
{
    private const int FrameHead = 5;
    private WebApplication? _app;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal string Address { get; private set; } = "";

    /// <summary>Gets what is done at each try of a tool; the last holds for all that follow.</summary>
    internal ConcurrentDictionary<string, JsonElement[]> Steps { get; } = new(StringComparer.Ordinal);

    internal ConcurrentDictionary<string, int> Asked { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the answers to receipts, in turn; without one, a receipt is signed.</summary>
    internal ConcurrentQueue<Func<SignReceiptRequest, SignReceiptResponse?>> ReceiptSteps { get; } = new();

    internal ConcurrentQueue<SignReceiptRequest> Receipts { get; } = new();

    /// <summary>Gets the proofs of each call, in the order of the calls.</summary>
    internal ConcurrentQueue<string[]> Proofs { get; } = new();

    /// <summary>Gets the epochs to be told on the stream that is open.</summary>
    internal Channel<ulong> Epochs { get; } = Channel.CreateUnbounded<ulong>();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.MapPost("/clawpdp.v1.DecisionService/Authorize", AuthorizeAsync);
        _app.MapPost("/clawpdp.v1.DecisionService/AuthorizeBatch", AuthorizeManyAsync);
        _app.MapPost("/clawpdp.v1.DecisionService/WatchEpoch", WatchAsync);
        _app.MapPost("/clawpdp.v1.ReceiptService/SignReceipt", SignAsync);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single()).Authority;
    }

    public async ValueTask DisposeAsync()
    {
        _released.TrySetResult();
        Epochs.Writer.TryComplete();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    /// <summary>Gives an answer that allows.</summary>
    internal static AuthorizeResponse Allow(string decisionId = "dec-1") => new() { Effect = Effect.Allow, ReasonCode = ReasonCode.Allowed, DecisionId = decisionId, Epoch = 7 };

    /// <summary>Gives the step that answers so.</summary>
    internal static JsonElement Step(IMessage answer) => JsonDocument.Parse($$"""{"answer_b64": "{{answer.ToByteString().ToBase64()}}"}""").RootElement;

    private async Task AuthorizeManyAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        _ = await ReadAsync(context);
        await WriteAsync(context, new AuthorizeBatchResponse().ToByteArray());
        End(context, StatusCode.OK);
    }

    private async Task<byte[]> ReadAsync(HttpContext context)
    {
        // A client may join values of one name.
        Proofs.Enqueue([.. context.Request.Headers[HolderInterceptor.MetadataKey].SelectMany(static value => (value ?? "").Split(',', StringSplitOptions.TrimEntries))]);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray()[FrameHead..];
    }

    private static async Task WriteAsync(HttpContext context, byte[] message)
    {
        var frame = new byte[FrameHead + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, FrameHead);
        await context.Response.Body.WriteAsync(frame, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static void End(HttpContext context, StatusCode status, string detail = "")
    {
        context.Response.AppendTrailer("grpc-status", ((int)status).ToString(CultureInfo.InvariantCulture));
        context.Response.AppendTrailer("grpc-message", detail);
    }

    private static StatusCode StatusOf(string name) => Enum.GetValues<StatusCode>().Single(code => string.Equals(NameOf(code), name, StringComparison.Ordinal));

    /// <summary>Gives the name of a status as gRPC writes it.</summary>
    internal static string NameOf(StatusCode code) =>
        code == StatusCode.OK ? "OK" : string.Concat(code.ToString().Select(static (unit, index) => index > 0 && char.IsUpper(unit) ? $"_{unit}" : unit.ToString())).ToUpperInvariant();

    private async Task AuthorizeAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        var request = AuthorizeRequest.Parser.ParseFrom(await ReadAsync(context));
        var count = Asked.AddOrUpdate(request.Tool, 1, static (_, asked) => asked + 1);
        var steps = Steps[request.Tool];
        var step = steps[Math.Min(count, steps.Length) - 1];
        if (step.TryGetProperty("hang", out _))
        {
            await _released.Task.WaitAsync(context.RequestAborted);
        }

        if (step.TryGetProperty("status", out var status))
        {
            foreach (var trailer in step.TryGetProperty("trailers", out var trailers) ? trailers.EnumerateObject().ToArray() : [])
            {
                context.Response.AppendTrailer(trailer.Name, trailer.Value.GetString());
            }

            var detail = step.TryGetProperty("details", out var words) ? words.GetString() ?? "" : "";
            End(context, StatusOf(status.GetString() ?? ""), detail.Replace("$TOKEN", request.Cst, StringComparison.Ordinal));
            return;
        }

        var answer = step.TryGetProperty("answer_b64", out var text)
            ? text.GetBytesFromBase64()
            : new byte[step.TryGetProperty("answer_of_bytes", out var size) ? size.GetInt32() : 0];
        await WriteAsync(context, answer);
        End(context, StatusCode.OK);
    }

    private async Task WatchAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.StartAsync();
        await foreach (var epoch in Epochs.Reader.ReadAllAsync(context.RequestAborted))
        {
            if (epoch == 0)
            {
                break;
            }

            await WriteAsync(context, new WatchEpochResponse { Epoch = epoch }.ToByteArray());
        }

        End(context, StatusCode.OK);
    }

    private async Task SignAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        var request = SignReceiptRequest.Parser.ParseFrom(await ReadAsync(context));
        Receipts.Enqueue(request);
        var response = ReceiptSteps.TryDequeue(out var step) ? step(request) : Signed(request);
        if (response is null)
        {
            End(context, StatusCode.Unavailable);
            return;
        }

        await WriteAsync(context, response.ToByteArray());
        End(context, StatusCode.OK);
    }

    private static SignReceiptResponse Signed(SignReceiptRequest request) => new()
    {
        Receipt = new SignedReceipt { ReceiptId = "rcpt-1", RunId = request.RunId, Nonce = request.Nonce, DecisionId = request.DecisionId, EnvelopeJson = ByteString.CopyFromUtf8("{}") },
    };
}
