using ClawPdp.Server.Callers;
using ClawPdp.Server.Cli;
using ClawPdp.Server.Doors.Hook;

namespace ClawPdp.Server.Tests.Callers;

/// <summary>No command takes a token's own text: the list of processes shows it to everybody.</summary>
public sealed class ShownTokenTests
{
    // A header and claims of a token, and a signature of none.
    private const string Token = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.AAAA";

    [Theory]
    [InlineData("token inspect TOKEN")]
    [InlineData("token verify TOKEN --jwks /dev/null --audience a")]
    [InlineData("token inspect file TOKEN")]
    [InlineData("policy explain --server http://127.0.0.1:1 --token TOKEN --tool t")]
    [InlineData("policy allowed --server http://127.0.0.1:1 --token TOKEN --kind tool")]
    [InlineData("policy allowed --server http://127.0.0.1:1 --token=TOKEN --kind tool")]
    [InlineData("revoke --token TOKEN")]
    [InlineData("revoke --token:TOKEN")]
    [InlineData("revoke TOKEN")]
    [InlineData("revoke --jti TOKEN")]
    [InlineData("bench run --tokens TOKEN --tool t")]
    [InlineData("bench run --id-token TOKEN --agent-did did:key:x --tool t")]
    [InlineData("mcp-guard --name n --token-file TOKEN -- true")]
    [InlineData("status --admin-token-file ADMIN")]
    [InlineData("no-such-command TOKEN")]
    [InlineData("token inspect file -- TOKEN")]
    [InlineData("revoke --TOKEN")]
    [InlineData("token inspect @TOKEN")]
    public async Task Run_ATokenOnTheCommandLine_EndsWithUsage(string line) =>
        Assert.Equal(ExitCodes.Usage, await RunAsync(line));

    [Theory]
    [InlineData("hook --token-file TOKEN")]
    [InlineData("hook -- TOKEN")]
    public async Task Hook_ATokenOnTheCommandLine_IsADenial(string line) =>
        Assert.Equal(HookAnswer.Denied, await RunAsync(line));

    [Fact]
    public void Parse_AValueThatBeginsWithAt_IsAValue() =>
        Assert.Empty(CommandLine.Parse(["policy", "explain", "--server", "http://127.0.0.1:1", "--token", "-", "--tool", "@scope/tool"]).Errors);

    [Theory]
    [InlineData("token inspect a.b.c", ExitCodes.Usage)]
    [InlineData("revoke --token a.b.c", ExitCodes.Usage)]
    [InlineData("token inspect a.b", ExitCodes.BadInput)]
    [InlineData("token inspect ./a.b.c", ExitCodes.BadInput)]
    public async Task Run_ThereIsNoSuchFile_IsToldFromAToken(string line, int code) =>
        Assert.Equal(code, await RunAsync(line));

    [Fact]
    public async Task Run_AFileWhoseNameHasThreeParts_IsRead()
    {
        // As a path from where the process is, so that it has the form of a token.
        var name = $"shown-{Guid.NewGuid():N}.cst.txt";
        await File.WriteAllTextAsync(name, Token, TestContext.Current.CancellationToken);
        try
        {
            Assert.Equal(ExitCodes.BadInput, await RunAsync("token inspect " + name));
        }
        finally
        {
            File.Delete(name);
        }
    }

    [Theory]
    [InlineData(Token, true)]
    [InlineData("Bearer " + Token, true)]
    [InlineData("ticket=" + Token, true)]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", true)]
    [InlineData("a." + Token, true)]
    [InlineData("clawpdp_admin_47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU", true)]
    [InlineData("clawpdp_admin_tokens.json", false)]
    [InlineData("wiki.atlassian.net", false)]
    [InlineData("eyes.example.com", false)]
    [InlineData("e30.example", false)]
    [InlineData("e30.example.com", false)]
    [InlineData("http://e30.example.com:7080", false)]
    [InlineData("/etc/e30.prod.d/clawpdp.json", false)]
    [InlineData("--" + Token, true)]
    [InlineData("x-" + Token, true)]
    [InlineData("eyJhbGciOiJFZERTQSJ9", false)]
    [InlineData("/tmp/alice.cst", false)]
    [InlineData("...", false)]
    [InlineData("", false)]
    public void IsIn_Text_IsATokenOrNot(string text, bool isToken) => Assert.Equal(isToken, ShownToken.IsIn(text));

    [Fact]
    public void IsIn_AnAdminToken_IsFound() => Assert.True(ShownToken.IsIn(AdminTokenFile.NewToken()));

    [Fact]
    public void IsOn_AfterTheDashes_IsForAnotherProgram()
    {
        Assert.False(ShownToken.IsOn(CommandLine.Parse(["mcp-guard", "--name", "n", "--", "true", "--token", Token])));
        Assert.True(ShownToken.IsOn(CommandLine.Parse(["mcp-guard", "--name", "n", "true", "--token", Token])));
    }

    private static Task<int> RunAsync(string line) => CommandLine.RunAsync(
        [.. line.Split(' ').Select(static word => word.Replace("TOKEN", Token, StringComparison.Ordinal).Replace("ADMIN", AdminTokenFile.NewToken(), StringComparison.Ordinal))]);
}
