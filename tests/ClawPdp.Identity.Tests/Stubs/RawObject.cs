namespace ClawPdp.Identity.Tests.Stubs;

/// <summary>A JSON object written by hand, so that a test can say things that no serializer would.</summary>
public sealed class RawObject
{
    private readonly List<(string Name, string Json)> _members = [];

    public RawObject With(string name, string json)
    {
        var copy = Without(name);
        copy._members.Add((name, json));
        return copy;
    }

    public RawObject WithAlso(string name, string json)
    {
        var copy = new RawObject();
        copy._members.AddRange(_members);
        copy._members.Add((name, json));
        return copy;
    }

    public RawObject Without(string name)
    {
        var copy = new RawObject();
        copy._members.AddRange(_members.Where(member => !string.Equals(member.Name, name, StringComparison.Ordinal)));
        return copy;
    }

    public override string ToString() => $"{{{string.Join(',', _members.Select(member => $"\"{member.Name}\":{member.Json}"))}}}";
}
