namespace ClawPdp.Core.Mappings;

/// <summary>Either a grant or why there is none.</summary>
public sealed record GrantResult
{
    private GrantResult(Grant? grant, GrantFailure failure, string offendingItem)
    {
        Grant = grant;
        Failure = failure;
        OffendingItem = offendingItem;
    }

    /// <summary>Gets the grant; <see langword="null"/> when there is none.</summary>
    public Grant? Grant { get; }

    /// <summary>Gets why there is none.</summary>
    public GrantFailure Failure { get; }

    /// <summary>Gets the item of the request at fault; empty when none in particular.</summary>
    public string OffendingItem { get; }

    internal static GrantResult Of(Grant grant) => new(grant, GrantFailure.None, "");

    internal static GrantResult Refuse(GrantFailure failure, string offendingItem = "") => new(null, failure, offendingItem);
}
