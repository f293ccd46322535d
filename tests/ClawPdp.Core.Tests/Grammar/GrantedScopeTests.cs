using ClawPdp.Core.Grammar;

namespace ClawPdp.Core.Tests.Grammar;

public sealed class GrantedScopeTests
{
    [Fact]
    public void Compile_MixedItems_SortsThemByKind()
    {
        var scope = Samples.Scope(
            "tool:terraform", " tool:github ", "tool:github", "model:gpt-4o", "egress:API.github.com.", "egress:*.atlassian.net", "proxy:call", "*", "Tool:x", "");

        Assert.Equal(["github", "terraform"], scope.Tools);
        Assert.Equal(["gpt-4o"], scope.Models);
        Assert.Equal(["*.atlassian.net", "api.github.com"], scope.Egress);
        Assert.Equal(["*", "Tool:x", "proxy:call"], scope.PlainScopes);
    }

    [Theory]
    [InlineData("tool:")]
    [InlineData("model:")]
    [InlineData("egress:")]
    [InlineData("tool: github")]
    [InlineData("tool:git hub")]
    [InlineData("egress:*.com")]
    [InlineData("egress:a:b")]
    [InlineData("egress:tool:github")]
    public void Compile_OneBadItem_RefusesTheWholeAndPointsAtIt(string item)
    {
        var result = GrantedScope.Compile(["tool:github", item, "proxy:call"], allowWildcards: true);

        Assert.Equal("/1", Assert.Single(result.Faults).Pointer);
    }

    [Theory]
    [InlineData("tool:*")]
    [InlineData("model:*")]
    [InlineData("model:**")]
    [InlineData("egress:*")]
    [InlineData("egress:0.0.0.0/0")]
    public void Compile_GrantsEverything_NeedsWildcards(string item)
    {
        Assert.False(GrantedScope.Compile([item], allowWildcards: false).IsValid);
        Assert.True(GrantedScope.Compile([item], allowWildcards: true).IsValid);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("proxy:*")]
    [InlineData("tools:github")]
    [InlineData("Tool:github")]
    [InlineData("github")]
    public void Allows_PlainScopesOnly_GrantsNothing(string item)
    {
        var scope = Samples.Scope(item);

        Assert.False(scope.AllowsTool(Samples.Tool("github")));
        Assert.False(scope.AllowsModel(Samples.Model("github")));
        Assert.False(scope.AllowsHost(Samples.Host("github")));
    }

    [Fact]
    public void Allows_NoItems_GrantsNothing()
    {
        var scope = Samples.Scope();

        Assert.False(scope.AllowsTool(Samples.Tool("a/b")));
        Assert.False(scope.AllowsModel(Samples.Model("a")));
        Assert.False(scope.AllowsHost(Samples.Host("a.b.c")));
        Assert.False(scope.AllowsHost(Samples.Host("1.2.3.4")));
    }

    [Fact]
    public void Allows_ItemOfAnotherKind_GrantsNothing()
    {
        var scope = Samples.Scope("tool:a.com", "model:a.com");

        Assert.False(scope.AllowsHost(Samples.Host("a.com")));
        Assert.False(Samples.Scope("egress:github").AllowsTool(Samples.Tool("github")));
        Assert.False(Samples.Scope("tool:gpt-4o").AllowsModel(Samples.Model("gpt-4o")));
    }

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("10.0.0.0/7", false)]
    [InlineData("10.200.0.0/16", true)]
    [InlineData("10.128.0.0/9", true)]
    [InlineData("11.0.0.0/24", false)]
    [InlineData("10.128.0.1:80", true)]
    [InlineData("[2001:db8::]/126", true)]
    [InlineData("[2001:db8::]/125", false)]
    public void Covers_NetworksSideBySide_CountAsOne(string inner, bool expected)
    {
        var scope = Samples.Scope(
            "egress:10.0.0.0/9", "egress:10.128.0.0/10", "egress:10.192.0.0/10",
            "egress:[2001:db8::]", "egress:[2001:db8::1]", "egress:[2001:db8::2]/127");

        Assert.Equal(expected, scope.Covers(HostPattern.Parse(inner, allowWildcards: true).Value));
    }

    [Fact]
    public void Covers_NetworksHalvedByPort_KeepsThePort()
    {
        var scope = Samples.Scope("egress:10.0.0.0:80", "egress:10.0.0.1");

        Assert.False(scope.Covers(HostPattern.Parse("10.0.0.0/31", allowWildcards: false).Value));
        Assert.True(scope.Covers(HostPattern.Parse("10.0.0.0:80", allowWildcards: false).Value));
        Assert.False(scope.Covers(HostPattern.Parse("10.0.0.0:81", allowWildcards: false).Value));
    }

    [Fact]
    public void Covers_ModelsTogether_DoNotCount()
    {
        var scope = Samples.Scope("model:a*", "model:*b");

        Assert.True(scope.Covers(ModelPattern.Parse("a*b", allowWildcards: false).Value));
        Assert.False(scope.Covers(ModelPattern.Parse("*", allowWildcards: true).Value));
    }

    [Fact]
    public void Allows_ParsedNames_AllocatesNothing()
    {
        var scope = Samples.Scope(
            "tool:github", "tool:a/b/*", "model:gpt-4o", "model:claude-*", "egress:api.github.com", "egress:*.atlassian.net", "egress:10.0.0.0/8", "egress:x.com:443");
        var (tool, model, host, address) = (Samples.Tool("a/b/c/d"), Samples.Model("claude-x"), Samples.Host("a.b.atlassian.net"), Samples.Host("10.1.1.1"));
        bool Ask() => scope.AllowsTool(tool) & scope.AllowsModel(model) & scope.AllowsHost(host) & scope.AllowsHost(address);
        Assert.True(Ask());

        var before = GC.GetAllocatedBytesForCurrentThread();
        var answer = Ask();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(answer);
        Assert.Equal(0, allocated);
    }
}
