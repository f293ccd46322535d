namespace ClawPdp.EndToEnd.Tests.Crash;

/// <summary>A token that several callers use, one of whom may revoke it.</summary>
internal sealed class TokenSlot
{
    private volatile bool _isRevocationSent;
    private volatile bool _isRevoked;

    public TokenSlot(string token, string tokenHash)
    {
        Token = token;
        TokenHash = tokenHash;
    }

    public string Token { get; }

    public string TokenHash { get; }

    /// <summary>Gets or sets whether somebody has asked to revoke it: from then on a refusal is no surprise.</summary>
    public bool IsRevocationSent
    {
        get => _isRevocationSent;
        set => _isRevocationSent = value;
    }

    /// <summary>Gets or sets whether the revocation is acknowledged: from then on anything but a refusal is a fault.</summary>
    public bool IsRevoked
    {
        get => _isRevoked;
        set => _isRevoked = value;
    }
}
