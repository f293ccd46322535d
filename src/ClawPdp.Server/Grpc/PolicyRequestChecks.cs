using System.Globalization;
using ClawPdp.Ledger.Policies;
using ClawPdp.V1;

namespace ClawPdp.Server.Grpc;

/// <summary>Looks for the first fault of a message to the policy service.</summary>
internal static class PolicyRequestChecks
{
    public static RequestFault? Check(GetActivePolicyRequest request) =>
        new RequestCheck().Text("audience", request.Audience, RequestLimits.AudienceMax).Fault;

    public static RequestFault? Check(ListPoliciesRequest request) => new RequestCheck()
        .Count("page_size", request.PageSize, 0, RequestLimits.PageSizeMax)
        .Text("page_token", request.PageToken, RequestLimits.PageTokenMax)
        .Hash("page_token", request.PageToken)
        .Fault;

    public static RequestFault? Check(PutPolicyRequest request) =>
        request.EnvelopeJson.Length is 0 or > RequestLimits.PolicyEnvelopeMax
            ? new RequestFault("envelope_json", $"{request.EnvelopeJson.Length} bytes, 1 to {RequestLimits.PolicyEnvelopeMax} are allowed")
            : null;

    public static RequestFault? Check(ActivatePolicyRequest request)
    {
        var check = new RequestCheck()
            .Required("policy_hash_b64u", request.PolicyHashB64U, RequestLimits.PolicyHashMax)
            .Hash("policy_hash_b64u", request.PolicyHashB64U)
            .Text("audience", request.Audience, RequestLimits.AudienceMax)
            .Text("reason", request.Reason, RequestLimits.ReasonMax);
        if (request.ActivationNumber > ActivationRecord.NumberMax)
        {
            check.Refuse("activation_number", $"greater than {ActivationRecord.NumberMax}");
        }

        if (request.Overlap is { } overlap && (overlap.Nanos != 0 || overlap.Seconds is < 0 or > RequestLimits.OverlapMaxSeconds))
        {
            check.Refuse("overlap", $"not a whole number of seconds from 0 to {RequestLimits.OverlapMaxSeconds}");
        }

        return check.Fault;
    }

    public static RequestFault? Check(ShadowPolicyRequest request)
    {
        var check = new RequestCheck()
            .Hash("policy_hash_b64u", request.PolicyHashB64U)
            .Text("audience", request.Audience, RequestLimits.AudienceMax);
        if (request.SampleInterval is < 0 or > RequestLimits.SampleIntervalMax)
        {
            check.Refuse("sample_interval", $"not from 1 to {RequestLimits.SampleIntervalMax}");
        }

        return check.Fault;
    }

    public static RequestFault? Check(GetShadowReportRequest request) =>
        new RequestCheck().Text("audience", request.Audience, RequestLimits.AudienceMax).Fault;

    /// <summary>Checks the request and reads the number that its page token stands for: 0 for the first page.</summary>
    public static RequestFault? Check(ListActivationsRequest request, out long before)
    {
        before = 0;
        var check = new RequestCheck()
            .Count("page_size", request.PageSize, 0, RequestLimits.PageSizeMax)
            .Text("page_token", request.PageToken, RequestLimits.PageTokenMax);
        if (request.PageToken.Length > 0 && (!long.TryParse(request.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out before) || before == 0))
        {
            check.Refuse("page_token", "not one that was given out");
        }

        return check.Fault;
    }
}
