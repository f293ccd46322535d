namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>A row: what is wrong on the caller's own side, while the sidecar would allow.</summary>
/// <param name="Name">What the page calls it.</param>
/// <param name="Verb">What the programs of the clients are told to do.</param>
/// <param name="Hook">What the hook is told; <see langword="null"/> where it cannot be made to.</param>
/// <param name="Answers">What callers may get to know, and nothing else.</param>
internal sealed record CallerFault(string Name, string Verb, string[]? Hook, params string[] Answers)
{
    // A program that is told of its mistake when it makes the client.
    private static readonly string[] Refused = ["CLIENT_REQUEST_INVALID", "ValueError", "TypeError", "DigestError", "refused"];

    /// <summary>Gets the rows; the first breaks nothing.</summary>
    public static IReadOnlyList<CallerFault> All { get; } =
    [
        new("nothing", "fresh", [], MatrixDoor.Allowed),
        new("the token cannot be had", "no-token", ["--token-file", "/nowhere/cst"], "CLIENT_TOKEN"),
        new("the arguments have no JSON form", "no-json", null, Refused),
        new("the question is too large for a call", "too-large", null, "CLIENT_LIMIT", "CLIENT_REQUEST_INVALID"),
        new("there is no time left", "no-time", ["--time-limit-ms", "1"], "CLIENT_DEADLINE"),
        new("the client is closed", "closed", null, "CLIENT_UNAVAILABLE"),
        new("the address is another host's, without TLS", "elsewhere", ["--server", "192.0.2.1:7080"], Refused),
        new("the certificate is not trusted", "untrusted", null, "CLIENT_UNAVAILABLE"),
    ];

    /// <summary>Gets the columns.</summary>
    public static IReadOnlyList<MatrixDoor> Columns { get; } =
    [
        new("hook", FaultKinds.Nothing | FaultKinds.Call, HookAsync),
        .. new[] { MatrixLanguage.Python, MatrixLanguage.TypeScript, MatrixLanguage.Go }.Select(static language =>
            new MatrixDoor($"client for {language}", FaultKinds.Nothing | FaultKinds.Call | FaultKinds.Program, place => AskAsync(language, place))),
    ];

    /// <summary>Gets what it concerns: what any caller can do wrong, or only one that is a program.</summary>
    public FaultKinds Kind => Verb == "fresh" ? FaultKinds.Nothing : Hook is null ? FaultKinds.Program : FaultKinds.Call;

    private static Task<string> HookAsync(MatrixPlace place) => ClientDoors.HookAsync(place, All.Single(fault => fault.Verb == place.Verb).Hook ?? []);

    private static Task<string> AskAsync(MatrixLanguage language, MatrixPlace place) =>
        place.Clients.AskAsync(language, place.Verb, place.Verb == "untrusted" ? place.Stranger : place.Grpc, place.TokenPath);
}
