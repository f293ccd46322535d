using System.Text;
using ClawPdp.Authoring.Yaml;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Tests.Yaml;

public sealed class YamlReaderTests
{
    [Theory]
    [InlineData("a: 1\nb: [x, y]\n", """{"a":1,"b":["x","y"]}""")]
    [InlineData("---\n- a\n- {b: c}\n...\n", """["a",{"b":"c"}]""")]
    [InlineData("a: |\n  one\n  two\nb: >\n  one\n  two\n", """{"a":"one\ntwo\n","b":"one two\n"}""")]
    [InlineData("a: 'it''s'\nb: \"\\u0041\\n\\\"\"\n", """{"a":"it's","b":"A\n\""}""")]
    [InlineData("actions: [tool:execute, model:*]\nAgent:DID: did:key:z6Mk\n", """{"actions":["tool:execute","model:*"],"Agent:DID":"did:key:z6Mk"}""")]
    [InlineData("a: x # remark\r\nb: y\r\n", """{"a":"x","b":"y"}""")]
    [InlineData("""{"a":"\ud83d\ude00\u2028\u0000","b":[1,-2.5e3,true,false,null],"c":{}}""", """{"a":"\ud83d\ude00\u2028\u0000","b":[1,-2.5e3,true,false,null],"c":{}}""")]
    public void Parse_YamlOfJson_IsThatJson(string yaml, string json) => Assert.Equal(Canonical(json), JsonWriter.CanonicalText(Parse(yaml).Value));

    [Theory]
    [InlineData("null", "null")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("0", "0")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("12e03", "12000")]
    [InlineData("1E+2", "100")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("no", "\"no\"")]
    [InlineData("on", "\"on\"")]
    [InlineData("off", "\"off\"")]
    [InlineData("12:30:00", "\"12:30:00\"")]
    [InlineData("2026-01-05", "\"2026-01-05\"")]
    [InlineData("10.0.0.0/8", "\"10.0.0.0/8\"")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("0xZZ", "\"0xZZ\"")]
    [InlineData("1e", "\"1e\"")]
    [InlineData("-a", "\"-a\"")]
    [InlineData("nullify", "\"nullify\"")]
    public void Parse_PlainText_IsWhatTheRulesSay(string plain, string json) =>
        Assert.Equal($"{{\"a\":{json}}}", JsonWriter.CanonicalText(Parse("a: " + plain).Value));

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("12")]
    [InlineData("~")]
    [InlineData("")]
    public void Parse_QuotedText_IsAString(string text)
    {
        Assert.Equal(text, Parse($"a: \"{text}\"").Value.FindText("a"));
        Assert.Equal(text, Parse($"a: '{text}'").Value.FindText("a"));
    }

    [Theory]
    [InlineData("~")]
    [InlineData("")]
    [InlineData("Null")]
    [InlineData("TRUE")]
    [InlineData("False")]
    [InlineData("0x1F")]
    [InlineData("0o17")]
    [InlineData("0b11")]
    [InlineData("012")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("1_000")]
    [InlineData("-.inf")]
    [InlineData(".NaN")]
    [InlineData("1e999")]
    public void Parse_PlainTextThatReadersReadDifferently_IsRefusedAtItsPlace(string plain)
    {
        var fault = Assert.Single(Parse("x: y\na: " + plain + "\n").Faults);

        Assert.Equal(("/a", 2), (fault.Pointer, fault.Line));
    }

    [Theory]
    [InlineData("a: &x 1\n", "/a", 1)]
    [InlineData("b: 1\na: *x\n", "/a", 2)]
    [InlineData("a: !!str 1\n", "/a", 1)]
    [InlineData("a: !mine {}\n", "/a", 1)]
    [InlineData("a: 1\n<<: {b: 2}\n", "/<<", 2)]
    [InlineData("a: 1\nb: 2\na: 3\n", "/a", 3)]
    [InlineData("a: 1\n\"a\": 3\n", "/a", 2)]
    [InlineData("1: a\n", "/1", 1)]
    [InlineData("true: a\n", "/true", 1)]
    [InlineData("? [a]\n: b\n", "", 1)]
    [InlineData("a: 1\n---\nb: 2\n", "", 2)]
    [InlineData("%YAML 1.1\n---\na: 1\n", "", 1)]
    [InlineData("%TAG !e! tag:example.com,2026:\n---\na: 1\n", "", 1)]
    [InlineData("a: \"\\ud800\"\n", "/a", 1)]
    public void Parse_WhatIsNotJson_IsRefusedAtItsPlace(string yaml, string pointer, int line)
    {
        var fault = Parse(yaml).Faults[0];

        Assert.Equal((pointer, line), (fault.Pointer, fault.Line));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("a: [1\n")]
    [InlineData("a: \"open\n")]
    [InlineData("a: b: c\n")]
    [InlineData("a: 1\n  b: 2\n")]
    [InlineData("a: @x\n")]
    [InlineData("a:\n\t- b\n")]
    public void Parse_BrokenText_IsRefused(string yaml) => Assert.False(Parse(yaml).IsValid);

    [Theory]
    [InlineData("a: 1\nb: x\0y\n", 2)]
    [InlineData("a: 1\n\0\nb: 2\n", 2)]
    [InlineData("a: x\u2028y\n", 1)]
    [InlineData("a: x\u0085b: y\n", 1)]
    [InlineData("\uFEFFa: x\n", 1)]
    [InlineData("# hidden\ra: x\n", 1)]
    [InlineData("a: x\u001by\n", 1)]
    public void Parse_CharactersThatCouldHideText_AreRefused(string yaml, int line) => Assert.Equal(line, Assert.Single(Parse(yaml).Faults).Line);

    [Fact]
    public void Parse_BytesThatAreNotUtf8_AreRefused() => Assert.False(YamlReader.Parse([(byte)'a', 0xFF], 100).IsValid);

    [Fact]
    public void Parse_SeveralFaults_AreAllReported() => Assert.Equal(["/a", "/b", "/c/0"], Parse("a: ~\nb: !x y\nc: [0x1F]\n").Faults.Select(static fault => fault.Pointer));

    [Fact]
    public void Parse_Depth_IsThatOfJson()
    {
        var (fits, tooDeep) = (Nested(YamlReader.DepthMax), Nested(YamlReader.DepthMax + 1));

        Assert.True(JsonReader.Parse(Encoding.UTF8.GetBytes(fits), 1000).IsValid);
        Assert.True(Parse(fits).IsValid);
        Assert.False(JsonReader.Parse(Encoding.UTF8.GetBytes(tooDeep), 1000).IsValid);
        Assert.False(Parse(tooDeep).IsValid);
        Assert.False(Parse(new string('[', 60_000)).IsValid);
    }

    [Fact]
    public void Parse_TooLongText_IsRefused()
    {
        Assert.True(YamlReader.Parse("a: 1"u8, 4).IsValid);
        Assert.False(YamlReader.Parse("a: 1"u8, 3).IsValid);
    }

    [Fact]
    public void Parse_Values_KnowTheirLines()
    {
        var value = Parse("a: 1\n\nb:\n  c: [x,\n    y]\n").Value;

        Assert.Equal(1, value.Line);
        Assert.Equal(1, value.Find("a")?.Line);
        Assert.Equal(4, value.Find("b")?.Line);
        Assert.Equal([4, 5], value.Find("b")?.Find("c")?.Items.Select(static item => item.Line) ?? []);
    }

    [Fact]
    public void Parse_PolicyInBothSpellings_HasOneHash()
    {
        var yaml = WpcLoader.Load(Parse("""
            # Who may deploy
            policy_version: "2"
            policy_id: deploy
            issuer_did: did:web:example.com
            statements:
              - sid: AllowGithub
                effect: Allow
                actions: [tool:execute]
                resources: [github/**]
                conditions:
                  NumericLessThan: { Context:Hour: "18" }
              - {sid: DenySecrets, effect: Deny, actions: ["*"], resources: ["**/secrets/**"]}
            metadata: { revision: 3, draft: false, note: null }
            """).Value);
        var json = WpcLoader.Load("""
            {"metadata":{"note":null,"draft":false,"revision":3.0},"policy_id":"deploy","policy_version":"2","issuer_did":"did:web:example.com","statements":[
              {"sid":"AllowGithub","effect":"Allow","actions":["tool:execute"],"resources":["github/**"],"conditions":{"NumericLessThan":{"Context:Hour":"18"}}},
              {"sid":"DenySecrets","effect":"Deny","actions":["*"],"resources":["**/secrets/**"]}]}
            """u8);

        Assert.Equal(json.Value.PolicyHash, yaml.Value.PolicyHash);
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static string Canonical(string json) => JsonWriter.CanonicalText(JsonReader.Parse(Encoding.UTF8.GetBytes(json), 10_000).Value);

    private static Result<JsonValue> Parse(string yaml) => YamlReader.Parse(Encoding.UTF8.GetBytes(yaml), 100_000);
}
