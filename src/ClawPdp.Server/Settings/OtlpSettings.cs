using System.Collections.Immutable;

namespace ClawPdp.Server.Settings;

/// <summary>A collector that speaks the OpenTelemetry protocol.</summary>
internal sealed record OtlpSettings
{
    /// <summary>Gets its address, without the path of a signal.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Gets a value indicating whether it is spoken to by HTTP with protobuf; else by gRPC.</summary>
    public required bool IsHttp { get; init; }

    /// <summary>Gets the file with the headers, secrets, one <c>name: value</c> a line; <see langword="null"/> for none.</summary>
    public required string? HeadersPath { get; init; }

    /// <summary>Gets how often metrics are sent; the default is 30 seconds.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Gets which part of the calls that came without a sampled trace get spans: 0 to 1; the default is 0. Of those with one the caller decided.</summary>
    public required double SampleRatio { get; init; }

    /// <summary>Gets what is sent, of <c>logs</c>, <c>metrics</c> and <c>traces</c>; by default all.</summary>
    public required ImmutableArray<string> Signals { get; init; }
}
