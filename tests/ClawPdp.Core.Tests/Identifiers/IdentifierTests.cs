using ClawPdp.Core.Encoding;
using ClawPdp.Core.Identifiers;

namespace ClawPdp.Core.Tests.Identifiers;

public sealed class IdentifierTests
{
    [Theory]
    [InlineData("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "21fe31dfa154a261", "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw")]
    [InlineData("PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw", "39f713d0a644253f", "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT")]
    [InlineData("_FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU", "dac073e0123bdea5", "did:key:z6MkwSD8dBdqcXQzKJZQFPy2hh2izzxskndKCjdmC2dBpfME")]
    public void KeyNames_OfTheTestKeys_AreTheWorkedOnes(string x, string keyId, string did)
    {
        Assert.True(Base64UrlText.TryDecode(x, out var raw));
        Assert.Equal(keyId, KeyId.Of(raw));
        Assert.Equal(did, DidKey.Encode(raw));
        Assert.True(DidKey.TryDecode(did, out var back));
        Assert.Equal(raw, back);
    }

    [Theory]
    [InlineData("did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMs")]
    [InlineData("did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw1")]
    [InlineData("did:key:Z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw")]
    [InlineData("did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMs0")]
    [InlineData("did:key:z")]
    [InlineData("")]
    [InlineData(null)]
    public void TryDecode_NotADidKey_IsRefused(string? did) => Assert.False(DidKey.TryDecode(did, out _));

    [Theory]
    [InlineData("", true)]
    [InlineData("AA", true)]
    [InlineData("AB", false)]
    [InlineData("AAA", true)]
    [InlineData("AAB", false)]
    [InlineData("A", false)]
    [InlineData("AA==", false)]
    [InlineData("A+", false)]
    [InlineData("A A", false)]
    public void IsCanonical_EachSpelling_IsJudged(string text, bool isCanonical) => Assert.Equal(isCanonical, Base64UrlText.IsCanonical(text));

    [Theory]
    [InlineData("2026-01-01T00:00:00Z", true)]
    [InlineData("2026-01-01T00:00:00.123456789012Z", true)]
    [InlineData("2026-01-01t00:00:00+05:30", true)]
    [InlineData("2026-01-01T00:00:00", false)]
    [InlineData("2026-01-01T00:00Z", false)]
    [InlineData("2026-13-01T00:00:00Z", false)]
    [InlineData("2026-01-01 00:00:00Z", false)]
    [InlineData("2026-01-01T00:00:00.Z", false)]
    [InlineData("2026-01-01T00:00:00+0530", false)]
    [InlineData("", false)]
    public void TryParse_Timestamp_NeedsSecondsAndOffset(string text, bool isValid) => Assert.Equal(isValid, Rfc3339.TryParse(text, out _));
}
