using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using CsCheck;

namespace ClawPdp.Core.Tests.Json;

public sealed class JsonTests
{
    [Fact]
    public void WriteCanonical_WorkedSample_HasTheWorkedHash() =>
        Assert.Equal("ZIsmZtXLP8NDhhgwDsk_oxVkH-poRt-ZryF04jnjYnc", Sha256.OfCanonical(Read(TestData.Vector("jcs_sample.json"))));

    [Theory]
    [InlineData("1.0", "1")]
    [InlineData("1.50", "1.5")]
    [InlineData("-0", "0")]
    [InlineData("1e21", "1e+21")]
    [InlineData("1e20", "100000000000000000000")]
    [InlineData("1e-7", "1e-7")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("9007199254740991", "9007199254740991")]
    [InlineData("9007199254740993", "9007199254740992")]
    [InlineData("5e-324", "5e-324")]
    [InlineData("1.7976931348623157e308", "1.7976931348623157e+308")]
    [InlineData("333333333.33333329", "333333333.3333333")]
    [InlineData("4.5", "4.5")]
    [InlineData("2e-3", "0.002")]
    [InlineData("1e15", "1000000000000000")]
    [InlineData("123456789012345680000", "123456789012345680000")]
    [InlineData("-1.5e-10", "-1.5e-10")]
    public void WriteCanonical_Number_HasTheEcmaScriptForm(string text, string expected) =>
        Assert.Equal(expected, JsonWriter.CanonicalText(Read(text)));

    [Fact]
    public void WriteCanonical_AnyDouble_ReadsBackAsItself() => Gen.Double.Where(double.IsFinite).Sample(static number =>
    {
        var text = JsonWriter.CanonicalText(JsonValue.Of(number));
        return double.Parse(text, System.Globalization.CultureInfo.InvariantCulture) == number;
    });

    [Fact]
    public void WriteCanonical_AnyText_ReadsBackAsItself() => Gen.String.Sample(static text =>
    {
        var isPlain = !text.Any(char.IsSurrogate);
        return !isPlain || Read(JsonWriter.CanonicalText(JsonValue.Of(text))).Text == text;
    });

    [Theory]
    [InlineData("""{"10":1,"9":2,"a":3}""", """{"9":2,"10":1,"a":3}""", """{"10":1,"9":2,"a":3}""")]
    [InlineData("""{"b":1,"4294967295":2,"4294967294":3,"01":4,"a":5}""", """{"4294967294":3,"b":1,"4294967295":2,"01":4,"a":5}""", """{"01":4,"4294967294":3,"4294967295":2,"a":5,"b":1}""")]
    public void Write_ArrayIndexNames_ComeFirstAsReceivedAndSortedInCanonical(string text, string received, string canonical)
    {
        Assert.Equal(received, System.Text.Encoding.UTF8.GetString(JsonWriter.WriteAsReceived(Read(text))));
        Assert.Equal(canonical, JsonWriter.CanonicalText(Read(text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}x")]
    [InlineData("{\"a\":1,}")]
    [InlineData("[1,]")]
    [InlineData("// c\n{}")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("1e999")]
    [InlineData("NaN")]
    [InlineData("01")]
    [InlineData("\uFEFF{}")]
    public void Parse_NotStrict_IsRefused(string text) => Assert.False(JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(text), 1000).IsValid);

    [Fact]
    public void Parse_InvalidUtf8_IsRefused() => Assert.False(JsonReader.Parse([(byte)'"', 0xC3, 0x28, (byte)'"'], 1000).IsValid);

    [Theory]
    [InlineData(JsonReader.DepthMax, true)]
    [InlineData(JsonReader.DepthMax + 1, false)]
    public void Parse_Depth_IsBounded(int depth, bool isValid) =>
        Assert.Equal(isValid, JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth)), 1000).IsValid);

    [Fact]
    public void Parse_Size_IsBounded() => Assert.False(JsonReader.Parse("[1, 2]"u8, 5).IsValid);

    [Fact]
    public void Parse_Duplicate_NamesPointerAndLine()
    {
        var fault = Assert.Single(JsonReader.Parse("{\n \"a/b\": [ {\n  \"c\": 1, \n  \"c\": 2 } ] }"u8, 1000).Faults);

        Assert.Equal(("/a~1b/0/c", 4), (fault.Pointer, fault.Line));
    }

    private static JsonValue Read(string text) => Read(System.Text.Encoding.UTF8.GetBytes(text));

    private static JsonValue Read(byte[] text) => JsonReader.Parse(text, 1 << 16).Value;
}
