namespace ClawPdp.Bench.Tests;

/// <summary>Texts that other programs wrote.</summary>
internal static class TestText
{
    public const string OfOtherLibrary =
        "HISTFAAAAKB4nJNpmSzMwMB+kYGBgZGBgYGZAQIYGRiY3Qx2LGCA8a/yM13mZ5rIwfSSnWk2C9NnZihayMT0nZHpJyOIhDN+MjItZmSqZqpmqsRB"
        + "VjOlMlkz2TJZk0mCsDqTLJM0k+yAkBBanIkXDLmhNL3Zg8NmdiZWJMiMwqOf+KjNA28zMxMDTohHigrKaW3+IHPOCPPuIHPOkPfuydtMTABhmz4T";
}
