using System.Text;
using ClawPdp.Bench.Plans;
using ClawPdp.Core.Faults;

namespace ClawPdp.Bench.Tests;

public sealed class TokenFileTests
{
    private static readonly string First = Token("one");
    private static readonly string Second = Token("two");

    [Fact]
    public void Read_TokenALine_GivesThemInOrder()
    {
        Assert.Equal([First, Second], Read($"{First}\n{Second}\n").Value);
        Assert.Equal([First, Second], Read($"{First}\n{Second}").Value);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("FIRST\n\nSECOND\n", 2)]
    [InlineData("FIRST\nSECOND\nFIRST\n", 3)]
    [InlineData("FIRST\nnot-a-token-but-secret\n", 2)]
    [InlineData("FIRST\nSECOND \n", 2)]
    [InlineData("FIRST\nSECOND\r\n", 2)]
    [InlineData("\uFEFFFIRST\n", 1)]
    [InlineData("FIRST\na.b.c\n", 2)]
    public void Read_BadLine_IsRefusedByItsNumberWithoutItsText(string text, int line)
    {
        var result = Read(text.Replace("FIRST", First, StringComparison.Ordinal).Replace("SECOND", Second, StringComparison.Ordinal));

        var fault = Assert.Single(result.Faults);
        Assert.Equal(text.Length == 0 ? null : line, fault.Line);
        Assert.DoesNotContain(result.Faults, static fault => fault.Message.Contains("secret", StringComparison.Ordinal) || fault.Message.Contains(First[..10], StringComparison.Ordinal));
    }

    [Fact]
    public void Read_LineThatIsTooLong_IsRefused() => Assert.Equal(2, Assert.Single(Read($"{First}\n{new string('a', BenchLimits.TokenLengthMax + 1)}").Faults).Line);

    [Fact]
    public void Read_ManyBadLines_TellsTheFirstTwenty() => Assert.Equal(20, Read(new string('\n', 1_000)).Faults.Length);

    private static Result<IReadOnlyList<string>> Read(string text) => TokenFile.Read(Encoding.UTF8.GetBytes(text));

    private static string Token(string subject)
    {
        string[] parts = ["""{"alg":"EdDSA","typ":"JWT","kid":"21fe31dfa154a261"}""", $$"""{"sub":"{{subject}}"}""", new string('s', 64)];
        return string.Join('.', parts.Select(static part => Convert.ToBase64String(Encoding.UTF8.GetBytes(part)).TrimEnd('=').Replace('+', '-').Replace('/', '_')));
    }
}
