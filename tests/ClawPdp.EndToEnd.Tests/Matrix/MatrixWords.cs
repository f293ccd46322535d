using System.Text.Json;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>Reads answers: each comes to one word.</summary>
internal static class MatrixWords
{
    private const string Prefix = "REASON_CODE_";

    /// <summary>Gives the word for a decision; one that is not there denies.</summary>
    public static string Of(AuthorizeResponse? answer) =>
        answer?.Effect == Effect.Allow ? MatrixDoor.Allowed : Of(answer?.ReasonCode ?? ReasonCode.Unspecified);

    /// <summary>Gives the word for a request for a token.</summary>
    public static string Of(IssueCstResponse answer) =>
        answer.OutcomeCase == IssueCstResponse.OutcomeOneofCase.Issued ? MatrixDoor.Issued : Of(answer.Refusal?.ReasonCode ?? ReasonCode.Unspecified);

    /// <summary>Gives a reason without the prefix of the contract.</summary>
    public static string Bare(string reason) => reason.StartsWith(Prefix, StringComparison.Ordinal) ? reason[Prefix.Length..] : reason;

    /// <summary>Makes a call, and gives its status where it fails.</summary>
    public static async Task<string> CallAsync(Func<Task<string>> call)
    {
        try
        {
            return await call();
        }
        catch (RpcException failure)
        {
            return Upper(failure.StatusCode.ToString());
        }
    }

    /// <summary>Makes a request of HTTP, and gives what the connection came to where it fails.</summary>
    /// <param name="request">The request.</param>
    /// <param name="read">Reads a whole answer.</param>
    public static async Task<string> RequestAsync(Func<Task<HttpResponseMessage>> request, Func<HttpResponseMessage, byte[], string> read)
    {
        try
        {
            using var response = await request();
            return read(response, await response.Content.ReadAsByteArrayAsync());
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return failure is HttpRequestException { HttpRequestError: { } error } ? error.ToString() : MatrixDoor.Silence;
        }
    }

    /// <summary>Gives a member of an answer in JSON; empty where there is none.</summary>
    public static string Member(byte[] json, params string[] path)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var found = document.RootElement;
            foreach (var name in path)
            {
                if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
                {
                    return "";
                }
            }

            return found.ToString();
        }
        catch (JsonException)
        {
            return "";
        }
    }

    /// <summary>Gives the reason code in a text: the first word in capitals with an underscore.</summary>
    public static string ReasonIn(string text) =>
        text.Split([' ', '"', ':', ',', '\n', '`', '(', ')', '[', ']', '{', '}', '.'], StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(static word => word.Contains('_', StringComparison.Ordinal) && word.All(static letter => char.IsAsciiLetterUpper(letter) || letter == '_')) ?? "denied";

    private static string Of(ReasonCode code) => Upper(code.ToString());

    private static string Upper(string name) =>
        string.Concat(name.Select(static (letter, place) => char.IsUpper(letter) && place > 0 ? "_" + letter : char.ToUpperInvariant(letter).ToString()));
}
