using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using ClawPdp.Core.Json;
using ClawPdp.Server.Http;

namespace ClawPdp.Server.Doors.Web;

/// <summary>Reads the settings of the doors that a browser can reach.</summary>
internal static class WebDoorReader
{
    private const int CountMax = 64;
    private const int LengthMax = 512;

    /// <summary>Reads the member; every fault goes to the document's.</summary>
    /// <param name="door">The door's name in the configuration.</param>
    /// <param name="member">The member; <see langword="null"/> when it is absent.</param>
    public static WebDoorSettings Read(string door, JsonCursor? member)
    {
        var members = member is not null && member.IsObjectOf("origins", "hosts") ? member : null;
        return new WebDoorSettings
        {
            Door = door,
            Origins = Texts(members?.Optional("origins"), IsOrigin, "an origin is `https://HOST[:PORT]`, or `http://` for loopback, as browsers write it"),
            Hosts = Texts(members?.Optional("hosts"), IsHost, "a host is a name or an IP address in lower case, without a port"),
        };
    }

    // Compared as text: another form than the browser's would never be met.
    private static bool IsOrigin(string text) =>
        System.Text.Ascii.IsValid(text)
        && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.HostNameType is (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6)
        && (url.Scheme is "https" || (url.Scheme is "http" && LoopbackHost.Is(url.Host)))
        && string.Equals(text, url.Scheme + "://" + url.Host + (url.IsDefaultPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{url.Port}")), StringComparison.Ordinal);

    private static bool IsHost(string text) =>
        IPAddress.TryParse(text, out var address)
            ? string.Equals(text, address.ToString(), StringComparison.Ordinal)
            : Uri.CheckHostName(text) == UriHostNameType.Dns && !text.EndsWith('.') && !text.Any(char.IsAsciiLetterUpper);

    private static ImmutableArray<string> Texts(JsonCursor? list, Func<string, bool> isGood, string expected)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var item in list?.AsArray(CountMax, 1) ?? [])
        {
            if (item.AsText(LengthMax) is not { } text)
            {
                continue;
            }

            if (!isGood(text))
            {
                item.Refuse(expected);
            }

            texts.Add(text);
        }

        return texts.ToImmutable();
    }
}
