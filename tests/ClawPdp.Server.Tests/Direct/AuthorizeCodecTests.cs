using System.Collections.Immutable;
using System.Text;
using ClawPdp.Engine.Approvals;
using ClawPdp.Engine.Decisions;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Direct;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Settings;
using ClawPdp.V1;
using CsCheck;
using Google.Protobuf;
using Dimension = ClawPdp.Engine.Decisions.Dimension;
using Effect = ClawPdp.Core.Decisions.Effect;
using ReasonCode = ClawPdp.Core.Decisions.ReasonCode;

namespace ClawPdp.Server.Tests.Direct;

/// <summary>The codec of the direct endpoint against the general one, on every kind of message.</summary>
public sealed class AuthorizeCodecTests
{
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private static readonly Gen<string> Plain = Gen.Char['!', '~'].Array[0, 40].Select(static characters => new string(characters));
    private static readonly Gen<string> Odd = Gen.Char.Array[0, 20].Select(static characters => new string(characters).Replace('\uD800', 'x')).Where(static text => text.EnumerateRunes().All(static rune => rune.Value != 0xFFFD));
    private static readonly Gen<string> Text = Gen.Frequency((6, Plain), (2, Odd), (1, Gen.Int[0, 600].Select(static size => new string('a', size))), (1, Gen.Int[80, 130].Select(static size => new string('é', size))));
    private static readonly Gen<string> HashText = Gen.Frequency((6, Gen.Const("")), (6, Gen.Const(Hash)), (1, Plain));

    private static readonly Gen<AuthorizeRequest> Requests =
        from cst in Gen.Frequency((5, Plain), (1, Text), (1, Gen.Int[16_380, 16_390].Select(static size => new string('x', size))))
        from names in Text.Array[9]
        from hashes in HashText.Array[2]
        from context in Gen.Frequency((3, Gen.Const(Array.Empty<(string, string)>())), (2, Gen.Select(Text, Text).Array[0, 4]), (1, Gen.Select(Plain, Plain).Array[30, 34]))
        from approvals in Gen.Frequency((9, Gen.Const(Array.Empty<byte[]>())), (1, Gen.Byte.Array[0, 8].Array[1, 2]))
        from isAsked in Gen.Bool.Array[8]
        select Request(cst, names, hashes, context, approvals, isAsked);

    private static readonly Gen<byte[]> Unknown = Gen.OneOf(
        Gen.Select(Gen.Int[14, 2000], Gen.ULong).Select(static (number, value) => Field(number, 0, output => output.WriteUInt64(value))),
        Gen.Select(Gen.Int[1, 20], Gen.ULong).Select(static (number, value) => Field(number, 1, output => output.WriteFixed64(value))),
        Gen.Select(Gen.Int[1, 20], Gen.UInt).Select(static (number, value) => Field(number, 5, output => output.WriteFixed32(value))),
        Gen.Select(Gen.Int[14, 536_870_911], Gen.Byte.Array[0, 300]).Select(static (number, value) => Field(number, 2, output => output.WriteBytes(ByteString.CopyFrom(value)))),
        Gen.Int[1, 20].Select(static number => (byte[])[.. Field(number, 3, static _ => { }), .. Field(number, 4, static _ => { })]),
        Gen.Byte.Array[0, 12]);

    /// <summary>Ways to spell what is the same, or no message at all.</summary>
    private static readonly Gen<Func<byte[], byte[]>> Changes = Gen.Frequency(
        (4, Gen.Const<Func<byte[], byte[]>>(static message => message)),
        (2, Unknown.Select<byte[], Func<byte[], byte[]>>(static field => message => [.. message, .. field])),
        (2, Unknown.Select<byte[], Func<byte[], byte[]>>(static field => message => [.. field, .. message])),
        (2, Gen.Double.Unit.Select<double, Func<byte[], byte[]>>(static part => message => message[..(int)(part * message.Length)])),
        (2, Gen.Select(Gen.Double.Unit, Gen.Byte).Select<(double, byte), Func<byte[], byte[]>>(static change => message => Change(message, change.Item1, change.Item2))),
        (1, Gen.Const<Func<byte[], byte[]>>(static message => [.. message, .. message])));

    [Fact]
    public void TryRead_AnyMessage_ReadsWhatTheGeneralParserReadsOrLeavesItToIt() => Gen.Select(Requests, Changes).Sample(
        static (request, change) =>
        {
            var message = change(request.ToByteArray());
            AssertAgrees(message);
        },
        iter: 100_000);

    [Fact]
    public void TryRead_EveryOrderOfTheFields_IsTheSameQuestion()
    {
        var parts = Parts(new AuthorizeRequest { Cst = "c", Tool = "t", Host = "h", RequestId = "r", Context = { ["k"] = "v" } });
        foreach (var order in Orders(parts))
        {
            var message = order.SelectMany(static part => part).ToArray();

            Assert.True(AuthorizeReader.TryRead(message, memo: null, out _, out _));
            AssertAgrees(message);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(12)]
    public void TryRead_MalformedFieldBeforeAGoodOne_IsLeftToTheGeneralParser(int field)
    {
        byte[] message =
        [
            .. Field(field, 2, static output => output.WriteBytes(ByteString.CopyFrom(0xE3))),
            .. Field(field, 2, static output => output.WriteString("good")),
            .. Field(4, 2, static output => output.WriteString("host")),
        ];

        Assert.Throws<InvalidProtocolBufferException>(() => AuthorizeRequest.Parser.ParseFrom(message));
        Assert.False(AuthorizeReader.TryRead(message, memo: null, out _, out _));
    }

    [Fact]
    public void TryRead_MalformedPartOfAContextBeforeAGoodOne_IsLeftToTheGeneralParser()
    {
        byte[] entry =
        [
            .. Field(1, 2, static output => output.WriteString("key")),
            .. Field(2, 2, static output => output.WriteBytes(ByteString.CopyFrom(0xE3))),
            .. Field(2, 2, static output => output.WriteString("good")),
        ];
        byte[] message = [.. new AuthorizeRequest { Tool = "t" }.ToByteArray(), .. Field(10, 2, output => output.WriteBytes(ByteString.CopyFrom(entry)))];

        Assert.Throws<InvalidProtocolBufferException>(() => AuthorizeRequest.Parser.ParseFrom(message));
        Assert.False(AuthorizeReader.TryRead(message, memo: null, out _, out _));
    }

    [Fact]
    public void TryRead_PlainQuestions_AreReadHere() => Gen.Select(Plain, Plain, Plain, Plain).Sample(
        static (cst, tool, run, id) =>
        {
            var request = new AuthorizeRequest { Cst = cst, Tool = "t" + tool, RunId = run, RequestId = id, EventHashB64U = Hash, ArgsHashB64U = Hash, Context = { ["a"] = run } };
            Assert.True(AuthorizeReader.TryRead(request.ToByteArray(), memo: null, out _, out _));
        },
        iter: 2_000);

    [Theory]
    [InlineData(1, RequestLimits.CstMax)]
    [InlineData(2, RequestLimits.ToolMax)]
    [InlineData(3, RequestLimits.ModelMax)]
    [InlineData(4, RequestLimits.HostMax)]
    [InlineData(5, RequestLimits.PolicyHashMax)]
    [InlineData(6, RequestLimits.ProviderMax)]
    [InlineData(7, RequestLimits.IdentifierMax)]
    [InlineData(12, RequestLimits.IdentifierMax)]
    [InlineData(13, RequestLimits.AudienceMax)]
    public void TryRead_FieldAtItsLimit_IsReadAndOneMoreByteIsNot(int field, int sizeMax)
    {
        byte[] MessageOf(int size) => [.. (field == 2 ? new AuthorizeRequest { Host = "h" } : new AuthorizeRequest { Tool = "t" }).ToByteArray(), .. Field(field, 2, output => output.WriteString(new string('a', size)))];

        Assert.True(AuthorizeReader.TryRead(MessageOf(sizeMax), memo: null, out _, out _));
        Assert.False(AuthorizeReader.TryRead(MessageOf(sizeMax + 1), memo: null, out _, out _));
    }

    [Fact]
    public void Write_AnyAnswer_IsWhatTheGeneralWriterWrites() => Answers.Sample(
        static (recorded, requestId) =>
        {
            var id = Encoding.UTF8.GetBytes(requestId);
            var isHere = AuthorizeWriter.CanWrite(recorded, id.Length, out var sizeMax);
            Assert.True(isHere || recorded.Decision.Requirement is not null || recorded.Decision.Message.Length > 500);
            if (isHere)
            {
                var bytes = new byte[sizeMax];
                var size = AuthorizeWriter.Write(recorded, id, bytes);

                Assert.Equal(WireDecisions.Write(recorded, requestId).ToByteArray(), bytes[..size]);
            }
        },
        iter: 10_000);

    private static Gen<(RecordedDecision Recorded, string RequestId)> Answers =>
        from reason in Gen.Int[0, Enum.GetValues<ReasonCode>().Length - 1].Select(static place => Enum.GetValues<ReasonCode>()[place])
        from message in Text
        from ids in Text.Array[0, 5]
        from ticks in Gen.Long[0, TimeSpan.TicksPerDay * 365 * 1000]
        from epoch in Gen.Long[0, long.MaxValue]
        from names in Text.Array[3]
        from flags in Gen.Bool.Array[4]
        from mode in Gen.Int[0, 2].Select(static place => new DecisionLogMode?[] { null, DecisionLogMode.Asynchronous, DecisionLogMode.Durable }[place])
        from dimension in Gen.Int[0, Enum.GetValues<Dimension>().Length - 1].Select(static place => Enum.GetValues<Dimension>()[place])
        select (new RecordedDecision(
            new Decision
            {
                Effect = flags[0] ? Effect.Allow : Effect.Deny,
                Reason = reason,
                Message = message,
                Dimension = dimension,
                StatementIds = [.. ids],
                CacheableUntil = flags[1] ? DateTimeOffset.UnixEpoch.AddTicks(ticks) : null,
                RevocationViewAge = TimeSpan.FromTicks(flags[2] ? 0 : ticks),
                Epoch = epoch,
                Requirement = flags[3] && flags[2] ? Requirement : null,
            },
            names[0],
            DateTimeOffset.UnixEpoch.AddTicks(ticks / 3),
            names[1],
            mode), names[2]);

    private static ApprovalRequirement Requirement => new()
    {
        ActionDigest = Hash,
        TokenScopeHash = Hash,
        PolicyHash = Hash,
        AgentDid = "did:key:z",
        RunId = "",
        EventHash = "",
        Summary = "tool deploy",
        StatementIds = ["s"],
    };

    private static AuthorizeRequest Request(string cst, string[] names, string[] hashes, (string Key, string Value)[] context, byte[][] approvals, bool[] isAsked)
    {
        string If(int place) => isAsked[place] ? names[place] : "";
        var request = new AuthorizeRequest
        {
            Cst = cst,
            Tool = If(0),
            Model = If(1),
            Host = If(2),
            PolicyHash = If(3),
            Provider = If(4),
            RunId = If(5),
            RequestId = If(6),
            Audience = If(7),
            EventHashB64U = hashes[0],
            ArgsHashB64U = hashes[1],
        };
        foreach (var (key, value) in context)
        {
            request.Context[key] = value;
        }

        request.Approvals.AddRange(approvals.Select(static approval => ByteString.CopyFrom(approval)));
        return request;
    }

    private static byte[] Change(byte[] message, double part, byte mask)
    {
        var changed = message.ToArray();
        if (changed.Length > 0)
        {
            changed[(int)(part * changed.Length)] ^= mask;
        }

        return changed;
    }

    private static byte[] Field(int number, uint wireType, Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(((uint)number << 3) | wireType);
            write(output);
        }

        return bytes.ToArray();
    }

    private static List<byte[]> Parts(AuthorizeRequest request) =>
    [
        new AuthorizeRequest { Cst = request.Cst }.ToByteArray(),
        new AuthorizeRequest { Tool = request.Tool }.ToByteArray(),
        new AuthorizeRequest { Host = request.Host }.ToByteArray(),
        new AuthorizeRequest { RequestId = request.RequestId }.ToByteArray(),
        new AuthorizeRequest { Context = { request.Context } }.ToByteArray(),
    ];

    private static IEnumerable<IEnumerable<byte[]>> Orders(List<byte[]> parts) => parts.Count == 0
        ? [[]]
        : parts.SelectMany((first, place) => Orders([.. parts.Where((_, other) => other != place)]).Select(rest => rest.Prepend(first)));

    private static void AssertAgrees(byte[] message)
    {
        if (!AuthorizeReader.TryRead(message, memo: null, out var asked, out var requestId))
        {
            return;
        }

        var general = AuthorizeRequest.Parser.ParseFrom(message);
        Assert.Null(AuthorizeRequestCheck.Check(general));
        var expected = WireDecisions.Read(general);
        Assert.Equal(expected.EventHash, asked.EventHash);
        Assert.Equal(general.RequestId, Encoding.UTF8.GetString(requestId.Span));
        Assert.Equal(expected.Question.Token.AsText(), asked.Question.Token.AsText());
        Assert.Equal(expected.Question.Stated ?? ImmutableDictionary<string, string>.Empty, asked.Question.Stated ?? ImmutableDictionary<string, string>.Empty);
        Assert.Empty(expected.Question.Approvals);
        var none = new Dictionary<string, string>(StringComparer.Ordinal);
        Assert.Equal(expected.Question with { Token = default, Stated = none, Approvals = [] }, asked.Question with { Token = default, Stated = none, Approvals = [] });
    }
}
