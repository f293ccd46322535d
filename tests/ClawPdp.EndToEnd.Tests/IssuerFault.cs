namespace ClawPdp.EndToEnd.Tests;

/// <summary>What an identity provider does wrong.</summary>
internal enum IssuerFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Nobody listens.</summary>
    Absent,

    /// <summary>It answers every request with status 503.</summary>
    Failing,

    /// <summary>Its key set never comes.</summary>
    SilentKeys,

    /// <summary>Its key set comes a byte at a time.</summary>
    DrippingKeys,

    /// <summary>Its key set is none.</summary>
    GarbageKeys,

    /// <summary>Its key set is whole, and larger than what is read.</summary>
    HugeKeys,

    /// <summary>Its key set has no key.</summary>
    EmptyKeys,

    /// <summary>It says that it is another one.</summary>
    OtherName,

    /// <summary>It shows a certificate that nobody trusts.</summary>
    UntrustedCertificate,
}
