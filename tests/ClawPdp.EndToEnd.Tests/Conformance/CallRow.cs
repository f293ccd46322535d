using System.Text.Json;

namespace ClawPdp.EndToEnd.Tests.Conformance;

/// <summary>What one call came to.</summary>
/// <param name="Case">Name of the case.</param>
/// <param name="Http">HTTP status and content type; empty where the caller does not see them.</param>
/// <param name="End">How the answer ended: <c>trailers</c>, <c>trailers-only</c>, <c>no-trailers</c>, or how the stream or the connection was given up.</param>
/// <param name="Status">The gRPC status: a number on the wire, a name from a stock client.</param>
/// <param name="Detail">What an OK answer said.</param>
/// <param name="Extra">Headers and trailers beyond those that every answer has.</param>
/// <param name="Message">The gRPC message.</param>
internal sealed record CallRow(string Case, string Http, string End, string Status, string Detail, string Extra, string Message)
{
    /// <summary>Reads the row that a client program wrote as a line of JSON.</summary>
    public static CallRow Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        return new CallRow(Find("case"), Find("http"), Find("end"), Find("status"), Find("detail"), Find("extra"), Find("message"));

        string Find(string name) => root.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\t', Case, Mark(Http), Mark(End), Mark(Status), Mark(Detail), Mark(Extra), Mark(Message));

    private static string Mark(string value) => value.Length == 0 ? "-" : value;
}
