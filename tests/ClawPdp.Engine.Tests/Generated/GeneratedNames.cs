using CsCheck;

namespace ClawPdp.Engine.Tests.Generated;

/// <summary>Names and patterns from a small world, so that they meet often.</summary>
internal static class GeneratedNames
{
    public static readonly Gen<string> Tools = Gen.Frequency(
        (9, OneOf("a", "b", "ab").Array[1, 3].Select(static segments => string.Join('/', segments))),
        (1, OneOf("", "a b", "a//b", "*", "a/..", "\u200Ba")));

    public static readonly Gen<string> Models = OneOf("gpt-4o", "gpt-4", "GPT-4", "claude-3", "m/a", "m/b", "m", "*", "");

    public static readonly Gen<string> Hosts = Gen.Select(
        OneOf("x.com", "a.x.com", "b.a.x.com", "A.x.com.", "y.org", "10.0.0.1", "10.0.1.1", "192.168.0.1", "[2001:db8::1]", "[2001:db8::f]", "127.1"),
        OneOf("", "", ":80", ":443", ":8443", ":0"))
        .Select(static (name, port) => name + port);

    public static readonly Gen<string> ToolScopes = OneOf("a", "b", "a/b", "a/b/ab", "a/*", "b/*", "a/b/*", "*");

    public static readonly Gen<string> ModelScopes = OneOf("gpt-4o", "gpt-4", "gpt-*", "GPT-*", "m/*", "m", "*", "*4*");

    public static readonly Gen<string> HostScopes =
        OneOf("x.com", "a.x.com", "*.x.com", "x.com:443", "*.x.com:443", "10.0.0.1", "10.0.0.1:443", "10.0.0.0/16", "[2001:db8::1]", "[2001:db8::]/64", "*", "y.org");

    public static readonly Gen<string> NamePatterns =
        OneOf("a", "a/b", "a/*", "a/**", "**/b", "*", "**", "?", "a?", "gpt-4o", "gpt-*", "GPT-4", "m/*", "m/**", "*4*", "**/ab", "x.com", "10.0.0.1");

    public static readonly Gen<string> HostPatterns =
        OneOf("x.com", "a.x.com", "*.x.com", "*.a.x.com", "*", "**", "10.0.0.1", "[2001:db8::1]", "y.org");

    public static readonly Gen<string> EgressEntries =
        OneOf("x.com", "*.x.com", "x.com:443", "*.x.com:80", "10.0.0.0/8", "10.0.1.1:80", "[2001:db8::]/32", "*", "y.org");

    public static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
}
