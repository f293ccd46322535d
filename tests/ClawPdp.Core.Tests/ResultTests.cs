using ClawPdp.Core.Faults;

namespace ClawPdp.Core.Tests;

public sealed class ResultTests
{
    [Fact]
    public void Default_HasNoValueAndOneFault()
    {
        var result = default(Result<string>);

        Assert.False(result.IsValid);
        Assert.Single(result.Faults);
    }

    [Fact]
    public void Invalid_WithoutFaults_Throws() => Assert.Throws<ArgumentException>(() => Result.Invalid<string>([]));
}
