using ClawPdp.Server.Telemetry;
using ClawPdp.V1;
using Google.Protobuf.Reflection;

namespace ClawPdp.Server.Tests.Telemetry;

public sealed class CallRefusalsTests
{
    public static TheoryData<string> Answers =>
    [
        .. new[] { TokenServiceReflection.Descriptor, ReceiptServiceReflection.Descriptor, RunServiceReflection.Descriptor, PolicyServiceReflection.Descriptor, DecisionServiceReflection.Descriptor, AuditServiceReflection.Descriptor }
            .SelectMany(static file => file.Services)
            .SelectMany(static service => service.Methods)
            .Where(static method => RefusalOf(method.OutputType) is not null)
            .Select(static method => method.OutputType.FullName),
    ];

    [Theory]
    [MemberData(nameof(Answers))]
    public void Of_EveryAnswerThatCanRefuse_FindsIt(string name)
    {
        var type = new[] { TokenServiceReflection.Descriptor, ReceiptServiceReflection.Descriptor, RunServiceReflection.Descriptor, PolicyServiceReflection.Descriptor, DecisionServiceReflection.Descriptor, AuditServiceReflection.Descriptor }
            .SelectMany(static file => file.MessageTypes).Single(type => type.FullName == name);
        var answer = type.Parser.ParseFrom([]);
        Assert.Empty(CallRefusals.Of(answer));

        var refusal = new Refusal { ReasonCode = ReasonCode.RunNotFound };
        RefusalOf(type)?.Accessor.SetValue(answer, refusal);

        Assert.Equal([refusal], CallRefusals.Of(answer));
    }

    [Fact]
    public void Of_ABatch_FindsThoseOfItsItems()
    {
        var answer = new SignReceiptBatchResponse { Responses = { new SignReceiptResponse(), new SignReceiptResponse { Refusal = new Refusal() } } };

        Assert.Single(CallRefusals.Of(answer));
    }

    private static FieldDescriptor? RefusalOf(MessageDescriptor type) =>
        type.Fields.InDeclarationOrder().SingleOrDefault(static field => field.FieldType == FieldType.Message && field.MessageType == Refusal.Descriptor);
}
