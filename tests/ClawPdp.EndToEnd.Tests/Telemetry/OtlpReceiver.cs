using System.Globalization;
using System.Text.Json;

namespace ClawPdp.EndToEnd.Tests.Telemetry;

/// <summary>A collector of the OpenTelemetry protocol on loopback, which decodes by the project's own generated code.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;

    private OtlpReceiver(ChildProcess process, string grpc, string http)
    {
        _process = process;
        Grpc = grpc;
        Http = http;
    }

    public string Grpc { get; }

    public string Http { get; }

    /// <summary>Gets all that came.</summary>
    public string Output => _process.Output;

    public static async Task<OtlpReceiver> StartAsync()
    {
        var (process, line) = await ChildProcess.StartAsync("node", [Path.Combine(PublishedSidecar.Providers, "otlp-receiver.mjs")], "ready ");
        var ports = line.Split(' ');
        return new OtlpReceiver(process, "http://127.0.0.1:" + ports[1], "http://127.0.0.1:" + ports[2]);
    }

    /// <summary>Waits until something came for which a test holds.</summary>
    public async Task<JsonElement> UntilAsync(string signal, Func<JsonElement, bool> holds)
    {
        JsonElement? found = null;
        await LiveSidecar.UntilAsync(
            () =>
            {
                found = Messages(signal).Where(holds).Select(static message => (JsonElement?)message).FirstOrDefault();
                return Task.FromResult(found is not null);
            },
            string.Create(CultureInfo.InvariantCulture, $"{signal} at the collector"),
            Patience);
        return found ?? default;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private IEnumerable<JsonElement> Messages(string signal) => Output.Split('\n')
        .Where(static line => line.StartsWith('{'))
        .Select(static line => JsonDocument.Parse(line).RootElement)
        .Where(message => message.GetProperty("signal").GetString() == signal);
}
