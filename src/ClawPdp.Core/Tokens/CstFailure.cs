namespace ClawPdp.Core.Tokens;

/// <summary>Why a token text is not a CST.</summary>
public enum CstFailure
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,

    /// <summary>There is no text.</summary>
    Required = 1,

    /// <summary>Not three canonical base64url parts with a JSON header and payload (RFC 7515 section 3.1).</summary>
    Malformed = 2,

    /// <summary>The header names another algorithm than EdDSA.</summary>
    UnsupportedAlg = 3,

    /// <summary>The claim <c>token_version</c> is not <c>1</c>.</summary>
    UnknownVersion = 4,

    /// <summary>A claim is missing, unknown or not of its form.</summary>
    InvalidClaims = 5,

    /// <summary>The delegation claims do not hang together, or not with the subject, owner and pin.</summary>
    DelegationUnbound = 6,
}
