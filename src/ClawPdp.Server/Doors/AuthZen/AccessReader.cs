using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Doors.AuthZen;

/// <summary>Reads questions from the bodies of AuthZEN. Members that it does not know are left alone, as the API demands.</summary>
internal static class AccessReader
{
    /// <summary>The longest type, id or name that is read; what the core takes is less.</summary>
    private const int TextLengthMax = 4096;

    private static readonly string[] Parts = ["subject", "resource", "action", "context"];
    private static readonly JsonValue Nothing = new JsonObjectBuilder().Build();

    /// <summary>Reads a question.</summary>
    /// <param name="asked">The object that holds it.</param>
    /// <param name="hasAction">Whether it names an action; a search does not.</param>
    /// <param name="fault">Receives what is wrong with its shape, by JSON pointer.</param>
    /// <returns>The question; <see langword="null"/> when its shape is wrong.</returns>
    public static AccessQuestion? Read(JsonValue asked, bool hasAction, out string fault)
    {
        var faults = new List<Fault>();
        var root = JsonCursor.At(asked, faults);
        if (asked.Kind != JsonKind.Object)
        {
            root.Refuse("an object is expected");
            fault = TextOf(faults);
            return null;
        }

        var subject = Entity(root, "subject");
        var resource = Entity(root, "resource");
        var question = new AccessQuestion
        {
            SubjectType = TextOf(subject, "type"),
            SubjectId = TextOf(subject, "id"),
            SubjectToken = Properties(subject)?.Value.Find("cst"),
            ResourceType = TextOf(resource, "type"),
            ResourceId = TextOf(resource, "id"),
            ActionName = hasAction ? TextOf(Entity(root, "action"), "name") : "",
            Context = ObjectOrNothing(root, "context")?.Value ?? Nothing,
        };
        Properties(resource);
        fault = TextOf(faults);
        return faults.Count == 0 ? question : null;
    }

    /// <summary>Gives an item of a batch with what it leaves out: a part that is missing is the whole of the batch's own.</summary>
    /// <param name="item">The item, an object.</param>
    /// <param name="batch">The object that holds the batch.</param>
    public static JsonValue WithDefaults(JsonValue item, JsonValue batch)
    {
        var whole = new JsonObjectBuilder();
        foreach (var part in Parts)
        {
            whole.AddIfPresent(part, Given(item, part) ?? Given(batch, part));
        }

        return whole.Build();
    }

    /// <summary>Looks for a part of the batch's own that has the wrong shape.</summary>
    /// <returns>What is wrong; empty when nothing is.</returns>
    public static string FaultOfDefaults(JsonValue batch)
    {
        var faults = new List<Fault>();
        var root = JsonCursor.At(batch, faults);
        foreach (var part in Parts)
        {
            if (Given(batch, part) is { Kind: not JsonKind.Object })
            {
                root.RefuseMember(part, "an object is expected");
            }
        }

        return TextOf(faults);
    }

    /// <summary>Gives a member; <see langword="null"/> when it is absent or the literal <c>null</c>.</summary>
    public static JsonValue? Given(JsonValue holder, string name) => holder.Find(name) is { Kind: not JsonKind.Null } found ? found : null;

    private static string TextOf(List<Fault> faults) => faults.Count == 0 ? "" : $"{faults[0].Pointer}: {faults[0].Message}";

    private static JsonCursor? Entity(JsonCursor root, string name)
    {
        var member = root.Required(name);
        if (member is not { Value.Kind: not JsonKind.Object })
        {
            return member;
        }

        member.Refuse("an object is expected");
        return null;
    }

    private static JsonCursor? Properties(JsonCursor? entity) => entity is null ? null : ObjectOrNothing(entity, "properties");

    private static JsonCursor? ObjectOrNothing(JsonCursor holder, string name)
    {
        var member = Given(holder.Value, name) is null ? null : holder.Optional(name);
        if (member is { Value.Kind: not JsonKind.Object })
        {
            member.Refuse("an object is expected");
        }

        return member;
    }

    private static string TextOf(JsonCursor? entity, string name) => entity?.Required(name)?.AsText(TextLengthMax) ?? "";
}
