namespace ClawPdp.Crypto.Tests;

/// <summary>The keys of the worked examples, from RFC 8032 section 7.1.</summary>
internal static class WorkedKeys
{
    public const string K1 = "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw";
    public const string K2 = "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT";
    public const string K3 = "did:key:z6MkwSD8dBdqcXQzKJZQFPy2hh2izzxskndKCjdmC2dBpfME";
    public const string Seed1 = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    public const string Seed2 = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
    public const string Seed3 = "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7";

    public static PurposeKey Key(KeyPurpose purpose, string seed) => new(purpose, Ed25519SigningKey.FromSeed(Convert.FromHexString(seed)));
}
