using System.Collections.Immutable;
using ClawPdp.Core.Json;
using ClawPdp.Core.Runs;

namespace ClawPdp.Core.Tests.Runs;

public sealed class EventChainTests
{
    // The worked values of the wire format.
    private static readonly ImmutableArray<RunEvent> Worked =
    [
        Event("evt_0001", "llm_call", "00.000", "E1rBahrMMqw_vGewEtzD4EJLjLPL94CdU65abiYXMpg", null, "lKnR9TFoAseF4fU_j-9SQ3vi2n92sNll7urzyhO1LK8"),
        Event("evt_0002", "tool_call", "00.200", "6IbZEVrYMPuSU1AzAUUGc3AjDOLgRB5HqM0s1MpqzR4", "lKnR9TFoAseF4fU_j-9SQ3vi2n92sNll7urzyhO1LK8", "fzkJCQVZPgRFPSSDzxIK11BFO7jvas2OI0GIaiWb9Uc"),
        Event("evt_0003", "side_effect", "00.400", "AC63TYomJszoP2ZKw3NsGbZJ46P-A_NYmto1hbL-vDo", "fzkJCQVZPgRFPSSDzxIK11BFO7jvas2OI0GIaiWb9Uc", "pYeA-Wyq80heNFNjnP93eWi2qNRMNCTe8lGmrMie0e8"),
    ];

    [Fact]
    public void FindFault_WorkedChain_Holds() => Assert.Null(EventChain.FindFault(Worked));

    [Fact]
    public void Following_WorkedHeaders_GivesTheWorkedHashes()
    {
        RunEvent? last = null;
        foreach (var expected in Worked)
        {
            last = RunEvent.Following(last, expected with { PreviousHash = "ignored", EventHash = "ignored" });
            Assert.Equal(expected, last);
        }
    }

    [Fact]
    public void Following_OtherRun_Throws() =>
        Assert.Throws<ArgumentException>(() => RunEvent.Following(Worked[0], Worked[1] with { RunId = "run_0002" }));

    [Fact]
    public void FindFault_HashOverTheSortedForm_IsAHashMismatch()
    {
        ImmutableArray<RunEvent> chain = [Worked[0] with { EventHash = "LDlclpyrtHUFd-RZV8WXR1XuoPRdyv0I7WZB_KV_IQI" }];

        Assert.Equal((EventChainFault.HashMismatch, 0), Judge(chain));
    }

    [Fact]
    public void FindFault_AnyMemberChangedByOneCharacter_IsFoundAtThatEvent()
    {
        for (var index = 0; index < Worked.Length; index++)
        {
            var item = Worked[index];
            foreach (var changed in Changes(item))
            {
                var verdict = EventChain.FindFault(Worked.SetItem(index, changed));

                Assert.NotNull(verdict);
                Assert.InRange(verdict.Index, index, index + 1);
            }
        }
    }

    [Fact]
    public void FindFault_DroppedOrSwappedOrRepeated_IsMalformed()
    {
        Assert.Equal((EventChainFault.Malformed, 1), Judge(Worked.RemoveAt(1)));
        Assert.Equal((EventChainFault.Malformed, 0), Judge(Worked.RemoveAt(0)));
        Assert.Equal((EventChainFault.Malformed, 0), Judge([Worked[1], Worked[0], Worked[2]]));
        Assert.Equal((EventChainFault.Malformed, 1), Judge([Worked[0], Worked[0]]));
        Assert.Equal((EventChainFault.Malformed, 0), Judge([]));
        Assert.Equal((EventChainFault.Malformed, 0), Judge(default));
    }

    [Fact]
    public void FindFault_ThousandEvents_HoldsAndOneMoreDoesNot()
    {
        var events = ImmutableArray.CreateBuilder<RunEvent>();
        for (var number = 0; number <= EventChain.CountMax; number++)
        {
            events.Add(RunEvent.Following(number == 0 ? null : events[number - 1], Worked[0] with { EventId = $"evt_{number}" }));
        }

        var chain = events.ToImmutable();

        Assert.Null(EventChain.FindFault(chain[..EventChain.CountMax]));
        Assert.Equal((EventChainFault.Malformed, 0), Judge(chain));
    }

    [Fact]
    public void Read_WrittenEvent_IsTheSameInAnyMemberOrder()
    {
        foreach (var expected in Worked)
        {
            var canonical = JsonReader.Parse(JsonWriter.WriteCanonical(expected.ToJson()), 4096).Value;

            Assert.Equal((expected, 0), Read(canonical));
        }
    }

    [Theory]
    [InlineData("event_id", "\"\"")]
    [InlineData("run_id", "7")]
    [InlineData("event_type", "null")]
    [InlineData("timestamp", "\"yesterday\"")]
    [InlineData("payload_hash_b64u", "\"short\"")]
    [InlineData("prev_hash_b64u", "\"\"")]
    [InlineData("event_hash_b64u", "\"not base64url!\"")]
    [InlineData("further", "1")]
    public void Read_BadMember_IsRefused(string name, string value)
    {
        var members = Worked[0].ToJson().Members.Where(member => member.Name != name).Select(static member => (member.Name, Text: JsonWriter.CanonicalText(member.Value)));
        var text = "{" + string.Join(",", members.Append((name, value)).Select(static member => $"\"{member.Item1}\":{member.Item2}")) + "}";

        var (read, faultCount) = Read(JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(text), 4096).Value);

        Assert.Null(read);
        Assert.Equal(1, faultCount);
    }

    [Fact]
    public void Read_MissingMember_IsRefused()
    {
        foreach (var member in Worked[0].ToJson().Members)
        {
            var rest = JsonValue.ObjectOf([.. Worked[0].ToJson().Members.Where(other => other.Name != member.Name)]);

            Assert.Equal((null, 1), Read(rest));
        }
    }

    private static RunEvent Event(string id, string type, string seconds, string payloadHash, string? previousHash, string hash) => new()
    {
        EventId = id,
        RunId = "run_0001",
        EventType = type,
        Timestamp = $"2026-01-01T00:00:{seconds}Z",
        PayloadHash = payloadHash,
        PreviousHash = previousHash,
        EventHash = hash,
    };

    private static IEnumerable<RunEvent> Changes(RunEvent item) =>
    [
        item with { EventId = item.EventId + "x" },
        item with { RunId = item.RunId + "x" },
        item with { EventType = item.EventType + "x" },
        item with { Timestamp = item.Timestamp.Replace(":00.", ":01.", StringComparison.Ordinal) },
        item with { PayloadHash = "x" + item.PayloadHash[1..] },
        item with { PreviousHash = "x" + item.PreviousHash },
        item with { EventHash = "x" + item.EventHash[1..] },
    ];

    private static (string? Code, int Index) Judge(ImmutableArray<RunEvent> events) =>
        EventChain.FindFault(events) is { } fault ? (fault.Code, fault.Index) : (null, -1);

    private static (RunEvent? Event, int FaultCount) Read(JsonValue value)
    {
        var result = RunEventReader.Read(value);
        return result.TryGet(out var item) ? (item, 0) : (null, result.Faults.Length);
    }
}
