using System.Security.Cryptography;
using ClawPdp.Crypto;
using ClawPdp.Load.Loops;

namespace ClawPdp.Load.Floors;

/// <summary>What the signatures alone take: one Ed25519 signature, and one check of an RS256 signature as an ID token has it.</summary>
internal static class SigningFloor
{
    private const int InputSizeBytes = 900;
    private const int RsaKeySizeBits = 2048;

    public static Samples Sign(TimeSpan duration)
    {
        using var key = new PurposeKey(KeyPurpose.Token, Ed25519SigningKey.Generate());
        var input = System.Text.Encoding.ASCII.GetBytes(new string('a', InputSizeBytes) + "." + new string('b', InputSizeBytes));
        return ClosedLoop.Run(duration, () => key.SignToken(input));
    }

    public static Samples VerifyRsa(TimeSpan duration)
    {
        using var key = RSA.Create(RsaKeySizeBits);
        var input = new byte[InputSizeBytes];
        var signature = key.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return ClosedLoop.Run(duration, () =>
        {
            if (!key.VerifyData(input, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            {
                throw new CryptographicException("the signature does not verify");
            }
        });
    }
}
