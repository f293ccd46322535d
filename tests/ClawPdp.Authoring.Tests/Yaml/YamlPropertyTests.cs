using System.Globalization;
using System.Text;
using ClawPdp.Authoring.Yaml;
using ClawPdp.Core.Json;
using CsCheck;

namespace ClawPdp.Authoring.Tests.Yaml;

public sealed class YamlPropertyTests
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char[' ', '~'], 0, 12],
        Gen.String[Gen.OneOf(Gen.Char['\0', '\u00FF'], Gen.Char['\u2020', '\u2030'], Gen.Const('é'), Gen.Const('\uFEFF')), 0, 6],
        Gen.OneOf([.. new[] { "yes", "null", "~", "0x1F", "1", "*", "a: b", "- x", "#", "", " ", "😀", "<<", "'", "\"", "\\", "true", "012" }.Select(Gen.Const)]));

    private static readonly Gen<JsonValue> Leaf = Gen.OneOf(
        Text.Select(static text => JsonValue.Of(text)),
        Gen.Bool.Select(static value => JsonValue.Of(value)),
        Gen.Double.Where(double.IsFinite).Select(static number => JsonValue.Of(number)),
        Gen.Int.Select(static number => JsonValue.Of((long)number)),
        Gen.Const(JsonValue.Null));

    private static readonly Gen<JsonValue> Tree = Gen.Recursive<JsonValue>((depth, inner) => depth > 3 ? Leaf : Gen.OneOf(
        Leaf,
        inner.Array[0, 4].Select(static items => JsonValue.ArrayOf([.. items])),
        Gen.Select(Text, inner).Array[0, 4].Select(static members => JsonValue.ObjectOf(
            [.. members.DistinctBy(static member => member.Item1, StringComparer.Ordinal).Select(static member => new JsonMember(member.Item1, member.Item2))]))));

    [Fact]
    public void Parse_AnyValueWrittenAsBlocks_IsReadBack() => Tree.Sample(static value =>
    {
        var output = new StringBuilder();
        Write(output, value, 0);
        AssertSame(value, output.ToString());
    });

    // JSON within the printable characters is YAML, so what a JSON writer made is read alike.
    [Fact]
    public void Parse_AnyValueWrittenAsJson_IsReadBack() => Tree.Sample(static value => AssertSame(value, Flow(value)));

    // Whatever comes, it is a value or faults; and what both readers take, they read alike.
    [Fact]
    public void Parse_AnyText_NeverThrows() =>
        Gen.String[Gen.OneOf(Gen.OneOf([.. "{}[]:,-?#&*!|>'\"%@`\\ \n\t\r01.eEax~<u/_".Select(Gen.Const)]), Gen.Char['\0', '\u2030']), 0, 40].Sample(static text =>
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            var yaml = YamlReader.Parse(utf8, 1000);
            var json = JsonReader.Parse(utf8, 1000);
            if (yaml.IsValid && json.IsValid)
            {
                Assert.Equal(JsonWriter.CanonicalText(json.Value), JsonWriter.CanonicalText(yaml.Value));
            }
        }, iter: 20_000);

    private static void AssertSame(JsonValue expected, string yaml)
    {
        var read = YamlReader.Parse(Encoding.UTF8.GetBytes(yaml), 1_000_000);

        Assert.True(read.IsValid, $"{yaml}\n{string.Join('\n', read.Faults)}");
        Assert.Equal(JsonWriter.CanonicalText(expected), JsonWriter.CanonicalText(read.Value));
    }

    private static void Write(StringBuilder output, JsonValue value, int indent)
    {
        var margin = new string(' ', indent);
        if (value.Kind == JsonKind.Array && value.Items.Length > 0)
        {
            foreach (var item in value.Items)
            {
                output.Append('\n').Append(margin).Append("- ");
                Write(output, item, indent + 2);
            }
        }
        else if (value.Kind == JsonKind.Object && value.Members.Length > 0)
        {
            foreach (var member in value.Members)
            {
                output.Append('\n').Append(margin).Append(Quoted(member.Name)).Append(": ");
                Write(output, member.Value, indent + 2);
            }
        }
        else
        {
            output.Append(Flow(value));
        }
    }

    private static string Flow(JsonValue value) => value.Kind switch
    {
        JsonKind.String => Quoted(value.Text),
        JsonKind.Array => "[" + string.Join(',', value.Items.Select(Flow)) + "]",
        JsonKind.Object => "{" + string.Join(',', value.Members.Select(static member => Quoted(member.Name) + ":" + Flow(member.Value))) + "}",
        _ => JsonWriter.CanonicalText(value),
    };

    // Canonical JSON leaves some characters as they are that YAML cannot hold.
    private static string Quoted(string text)
    {
        var output = new StringBuilder();
        foreach (var unit in JsonWriter.CanonicalText(JsonValue.Of(text)))
        {
            _ = unit is >= ' ' and <= '~' || unit is 'é' || char.IsSurrogate(unit) ? output.Append(unit) : output.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }

        return output.ToString();
    }
}
