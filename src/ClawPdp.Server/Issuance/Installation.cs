using System.Security.Cryptography;
using ClawPdp.Core.Encoding;
using ClawPdp.Ledger;

namespace ClawPdp.Server.Issuance;

/// <summary>What is fixed for an installation when its ledger is made.</summary>
internal sealed class Installation
{
    private const string SaltName = "installation_salt";

    private Installation(string salt) => Salt = salt;

    /// <summary>Gets the salt of <c>owner_ref</c>: 32 random bytes as base64url. It stands in every issuance record.</summary>
    public string Salt { get; }

    /// <summary>Reads the salt, or makes it durable the first time.</summary>
    public static async Task<Installation> OpenAsync(LedgerStore ledger)
    {
        if (ledger.GetMeta(SaltName) is { } known)
        {
            return new Installation(known);
        }

        var salt = Base64UrlText.Encode(RandomNumberGenerator.GetBytes(32));
        await ledger.SetMetaAsync(SaltName, salt);
        return new Installation(salt);
    }
}
