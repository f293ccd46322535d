using ClawPdp.Protocols.Envoy;
using ClawPdp.Server.Doors.Envoy;
using ClawPdp.Server.Doors.Http;
using ClawPdp.V1;
using StatusCode = ClawPdp.Protocols.Envoy.StatusCode;

namespace ClawPdp.Server.Tests.Doors.Envoy;

public sealed class EnvoyAnswersTests
{
    private static readonly int[] Codes = [0, 7, 14, 16];

    [Fact]
    public void Denied_WithoutAnyAnswer_IsADenial()
    {
        var response = EnvoyAnswers.Denied();

        Assert.Equal((7, StatusCode.Forbidden), (response.Status.Code, response.DeniedResponse.Status.Code));
    }

    [Fact]
    public void Write_EveryReason_AllowsForOneAlone()
    {
        foreach (var effect in Enum.GetValues<Effect>())
        {
            foreach (var code in Enum.GetValues<ReasonCode>())
            {
                var response = EnvoyAnswers.Write(HttpReply.Of(new AuthorizeResponse { Effect = effect, ReasonCode = code }), ["x-cst"]);

                var allows = (effect, code) is (Effect.Allow, ReasonCode.Allowed);
                Assert.Equal(allows, response.Status.Code == 0);
                Assert.Equal(allows, response.HttpResponseCase == CheckResponse.HttpResponseOneofCase.OkResponse);
                Assert.Contains(response.Status.Code, Codes);
            }
        }
    }

    // The one place that may make a response is the factory, which starts from a denial.
    [Fact]
    public void Sources_MakeResponsesInTheFactoryAlone() => Assert.Equal(
        ["EnvoyAnswers.cs"],
        Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src/ClawPdp.Server"), "*.cs", SearchOption.AllDirectories)
            .Where(static path => File.ReadAllText(path) is var text && (text.Contains("new CheckResponse", StringComparison.Ordinal) || text.Contains("CheckResponse Denied() => new()", StringComparison.Ordinal)))
            .Select(Path.GetFileName));
}
