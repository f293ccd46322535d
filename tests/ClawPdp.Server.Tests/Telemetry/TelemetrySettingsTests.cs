using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Server.Hosting;
using ClawPdp.Server.Settings;
using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Tests.Telemetry;

public sealed class TelemetrySettingsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clawpdp-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Read_Nothing_ServesMetricsAndSendsNothing()
    {
        var settings = TelemetryReader.Read(null, _directory);

        Assert.Equal((true, false, null), (settings.ServesMetrics, settings.LogsJson, settings.Otlp));
    }

    [Fact]
    public void Read_Everything_IsTaken()
    {
        var settings = Read("""
            { "prometheus": false, "log_format": "json",
              "otlp": { "endpoint": "https://collector.example:4318/base", "protocol": "http/protobuf", "headers_file": "headers", "interval_seconds": 5, "sample_ratio": 0.25, "signals": ["traces"] } }
            """, out var faults);

        Assert.Empty(faults);
        Assert.Equal((false, true), (settings.ServesMetrics, settings.LogsJson));
        Assert.NotNull(settings.Otlp);
        Assert.Equal((true, Path.Combine(_directory, "headers"), TimeSpan.FromSeconds(5), 0.25), (settings.Otlp.IsHttp, settings.Otlp.HeadersPath, settings.Otlp.Interval, settings.Otlp.SampleRatio));
        Assert.Equal("https://collector.example:4318/base/v1/traces", OtlpOptions.Of(settings.Otlp, "", "traces").Endpoint.AbsoluteUri);
    }

    [Theory]
    [InlineData("""{ "prometheus": 1 }""", "/prometheus")]
    [InlineData("""{ "log_format": "xml" }""", "/log_format")]
    [InlineData("""{ "metrics": true }""", "/metrics")]
    [InlineData("""{ "otlp": {} }""", "/otlp")]
    [InlineData("""{ "otlp": { "endpoint": "127.0.0.1:4317" } }""", "/otlp/endpoint")]
    [InlineData("""{ "otlp": { "endpoint": "http://collector.example:4317" } }""", "/otlp/endpoint")]
    [InlineData("""{ "otlp": { "endpoint": "https://user:secret@collector.example" } }""", "/otlp/endpoint")]
    [InlineData("""{ "otlp": { "endpoint": "http://127.0.0.1:4317", "protocol": "http/json" } }""", "/otlp/protocol")]
    [InlineData("""{ "otlp": { "endpoint": "http://127.0.0.1:4317", "interval_seconds": 0 } }""", "/otlp/interval_seconds")]
    [InlineData("""{ "otlp": { "endpoint": "http://127.0.0.1:4317", "sample_ratio": 1.5 } }""", "/otlp/sample_ratio")]
    [InlineData("""{ "otlp": { "endpoint": "http://127.0.0.1:4317", "sample_ratio": "1" } }""", "/otlp/sample_ratio")]
    [InlineData("""{ "otlp": { "endpoint": "http://127.0.0.1:4317", "signals": ["profiles"] } }""", "/otlp/signals/0")]
    public void Read_AFault_NamesTheMember(string text, string pointer)
    {
        _ = Read(text, out var faults);

        Assert.Equal([pointer], faults.Select(static fault => fault.Pointer));
        Assert.DoesNotContain("secret", faults[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadHeaders_GoodFile_GivesThemEncoded()
    {
        var path = Write("authorization: Bearer a,b=c\nx-tenant:1\n", UnixFileMode.UserRead);

        Assert.Equal("authorization=Bearer%20a%2Cb%3Dc,x-tenant=1", OtlpOptions.ReadHeaders(path));
    }

    [Theory]
    [InlineData("authorization: secret", UnixFileMode.UserRead | UnixFileMode.OtherRead)]
    [InlineData("secret", UnixFileMode.UserRead)]
    [InlineData("a=b: secret", UnixFileMode.UserRead)]
    public void ReadHeaders_OpenOrMalformedFile_IsRefusedWithoutItsContent(string content, UnixFileMode mode)
    {
        var path = Write(content, mode);

        var refused = Assert.Throws<StartFaultException>(() => OtlpOptions.ReadHeaders(path));

        Assert.DoesNotContain("secret", string.Join('\n', refused.Lines), StringComparison.Ordinal);
        Assert.Contains("/telemetry/otlp/headers_file", refused.Lines[0], StringComparison.Ordinal);
    }

    private string Write(string content, UnixFileMode mode)
    {
        var path = Path.Combine(_directory, "headers");
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, mode);
        return path;
    }

    private TelemetrySettings Read(string text, out List<Fault> faults)
    {
        faults = [];
        return TelemetryReader.Read(JsonCursor.At(JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(text), 4096).Value, faults), _directory);
    }
}
