using ClawPdp.Crypto.Verification;
using ClawPdp.V1;

namespace ClawPdp.Server.Grpc;

/// <summary>Writes the verdict on a receipt.</summary>
internal static class WireVerifications
{
    /// <summary>Gives the wire form.</summary>
    public static VerifyReceiptResponse Write(VerificationResult result)
    {
        var response = new VerifyReceiptResponse
        {
            Valid = result.IsValid,
            Code = result.IsValid ? "" : result.Code,
            Field = result.Field ?? "",
            Message = result.IsValid ? "" : WireReasons.Bounded(result.Message ?? ""),
            SignerDid = result.SignerDid ?? "",
            ReceiptType = WireReceipts.TypeOf(result.EnvelopeType),
            ReceiptId = result.ReceiptId ?? "",
        };
        response.Checks.AddRange(result.Checks.Select(static check => new V1.VerificationCheck
        {
            Name = check.Name,
            Passed = check.Passed,
            Detail = check.Detail,
        }));
        return response;
    }
}
