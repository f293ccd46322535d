using ClawPdp.Core.Decisions;
using ClawPdp.V1;

namespace ClawPdp.Server.Demo;

/// <summary>Says answers in the words of the reason codes. What is not plainly good is its reason.</summary>
internal static class DemoWords
{
    public const string Allowed = "ALLOW";
    public const string Issued = "issued";
    public const string Signed = "signed";

    public static string Of(AuthorizeResponse response) =>
        response.Effect == V1.Effect.Allow ? Allowed : NameOf(response.ReasonCode);

    public static string Of(IssueCstResponse response) =>
        response.OutcomeCase == IssueCstResponse.OutcomeOneofCase.Issued ? Issued : NameOf(response.Refusal?.ReasonCode ?? V1.ReasonCode.Unspecified);

    public static string Of(SignReceiptResponse response) =>
        response.OutcomeCase == SignReceiptResponse.OutcomeOneofCase.Receipt ? Signed : NameOf(response.Refusal?.ReasonCode ?? V1.ReasonCode.Unspecified);

    public static string Of(Refusal? refusal) => NameOf(refusal?.ReasonCode ?? V1.ReasonCode.Unspecified);

    private static string NameOf(V1.ReasonCode code) => ReasonCatalog.NameOf((Core.Decisions.ReasonCode)(int)code);
}
