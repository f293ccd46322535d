using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ClawPdp.Core.Json;
using ClawPdp.Server.Doors.Http;

namespace ClawPdp.Server.Doors.ForwardAuth;

/// <summary>Reads the settings of the door: the rules of its main path, and of each named path below it.</summary>
internal static partial class ForwardAuthReader
{
    private const int RouteCountMax = 256;
    private const int HeaderLengthMax = 64;
    private const string DestinationMember = "destination_header";
    private const string RoutesMember = "routes";

    /// <summary>Reads the settings; every fault goes to the document's.</summary>
    /// <param name="settings">The settings; <see langword="null"/> stands for the defaults.</param>
    /// <returns>The paths, the main one first.</returns>
    public static ImmutableArray<ForwardAuthRoute> Read(JsonCursor? settings)
    {
        string[] known = [HttpRules.HostMember, HttpRules.TokenMember, HttpRulesReader.StateMember, DestinationMember];
        var members = settings is not null && settings.IsObjectOf([.. known, RoutesMember]) ? settings : null;
        var routes = ImmutableArray.CreateBuilder<ForwardAuthRoute>();
        routes.Add(ReadOne(members, ForwardAuthDoor.Path, takesRest: false));
        if (members?.Optional(RoutesMember) is { } named)
        {
            foreach (var name in NamesOf(named))
            {
                var one = named.Optional(name);
                routes.Add(ReadOne(one is not null && one.IsObjectOf(known) ? one : null, ForwardAuthDoor.Path + "/" + name, takesRest: true));
            }
        }

        return routes.ToImmutable();
    }

    private static ForwardAuthRoute ReadOne(JsonCursor? members, string path, bool takesRest) =>
        new(path, takesRest, DestinationOf(members?.Optional(DestinationMember)), HttpRulesReader.Read(members));

    private static IEnumerable<string> NamesOf(JsonCursor named)
    {
        if (named.Value.Kind != JsonKind.Object || named.Value.Members.Length > RouteCountMax)
        {
            named.Refuse($"an object with at most {RouteCountMax} members is expected");
            return [];
        }

        foreach (var member in named.Value.Members)
        {
            if (!RouteName().IsMatch(member.Name))
            {
                named.RefuseMember(member.Name, "the name of a path has 1 to 64 lower-case letters, digits and hyphens");
            }
        }

        return named.Value.Members.Select(static member => member.Name).Where(static name => RouteName().IsMatch(name));
    }

    private static string DestinationOf(JsonCursor? member)
    {
        switch (member?.AsText(HeaderLengthMax))
        {
            case null or "x-forwarded-host":
                return ForwardAuthDoor.ForwardedHost;
            case "host":
                return "host";
            default:
                member.Refuse("unknown header", "x-forwarded-host or host");
                return ForwardAuthDoor.ForwardedHost;
        }
    }

    [GeneratedRegex(@"\A[a-z0-9-]{1,64}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RouteName();
}
