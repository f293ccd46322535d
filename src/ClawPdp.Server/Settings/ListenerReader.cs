using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Core.Json;
using ClawPdp.Server.Callers;

namespace ClawPdp.Server.Settings;

/// <summary>Reads one of <c>listeners</c>, and refuses one whose callers could not be told apart where that matters.</summary>
internal static class ListenerReader
{
    private const int NameLengthMax = 64;
    private const int IdCountMax = 256;
    private const int ModeLength = 4;
    private const UnixFileMode OthersMayConnect = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Reads it; <see langword="null"/> when it is not enough of one.</summary>
    /// <param name="item">The listener.</param>
    /// <param name="baseDirectory">What relative paths start from.</param>
    /// <param name="anywhere">Whether callers of other hosts need not be known.</param>
    /// <param name="plaintextAdmin">Whether admin in cleartext on loopback is acknowledged.</param>
    public static ListenerSettings? Read(JsonCursor item, string baseDirectory, bool anywhere, bool plaintextAdmin)
    {
        if (!item.IsObjectOf("name", "address", "unix_socket", "protocol", "planes", "mode", "peers", "tls", "admin_tokens_file"))
        {
            return null;
        }

        var planes = ReadPlanes(item.Required("planes"));
        var (address, socket) = (item.Optional("address"), item.Optional("unix_socket"));
        if ((address is null) == (socket is null))
        {
            item.Refuse("either `address` or `unix_socket` is expected");
            return null;
        }

        var settings = new ListenerSettings
        {
            Name = ReadName(item.Required("name")),
            Planes = planes,
            IsHttp1 = ReadIsHttp1(item.Optional("protocol")),
            Tls = TlsReader.Read(item.Optional("tls"), baseDirectory),
            AdminTokensPath = ReadTokens(item.Optional("admin_tokens_file"), baseDirectory, planes),
        };
        if (socket is not null)
        {
            item.Optional("tls")?.Refuse("a Unix socket needs no TLS");
            return settings with
            {
                SocketPath = ListenReader.ReadSocketPath(socket, baseDirectory),
                Peers = ReadPeers(item.Optional("peers"), planes),
                Mode = ReadMode(item.Optional("mode"), planes),
            };
        }

        item.Optional("peers")?.Refuse("the kernel tells who the peer is on a Unix socket alone");
        item.Optional("mode")?.Refuse("a mode is for a Unix socket");
        settings = settings with { Address = address is null ? null : ListenReader.ReadEndPoint(address, SettingsReader.GrpcDefault) };
        CheckCallers(item, settings, anywhere, plaintextAdmin);
        return settings;
    }

    private static void CheckCallers(JsonCursor item, ListenerSettings settings, bool anywhere, bool plaintextAdmin)
    {
        var isElsewhere = ListenReader.IsElsewhere(settings.Address);
        if (settings.Tls?.ClientAuthorityPath is not null)
        {
            return;
        }

        if (settings.Planes.HasFlag(Plane.Admin) && FindAdminFault(settings, isElsewhere, plaintextAdmin) is var (message, hint))
        {
            item.Refuse(message, hint);
        }
        else if (isElsewhere && !anywhere && settings.Planes != Plane.Admin)
        {
            item.Refuse("the address is not loopback, and its callers are not known", "add `tls/client_ca_file`; set /listen/allow_non_loopback to true if anyone on the network may call");
        }
    }

    // Of a listener whose clients show no certificates.
    private static (string Message, string Hint)? FindAdminFault(ListenerSettings settings, bool isElsewhere, bool plaintextAdmin) => settings.Tls switch
    {
        null when isElsewhere => ("the admin plane in cleartext", "on another address than loopback it needs `tls`"),
        null when !plaintextAdmin => ("the admin plane in cleartext", "set /listen/plaintext_loopback_admin to true if that is meant, or use a Unix socket"),
        not null when settings.AdminTokensPath is null => ("anyone could do admin acts here", "`tls/client_ca_file` or `admin_tokens_file` tells who may"),
        _ => null,
    };

    private static string ReadName(JsonCursor? member)
    {
        var name = member?.AsText(NameLengthMax);
        if (name is not null && !name.All(static unit => char.IsAsciiLetterLower(unit) || char.IsAsciiDigit(unit) || unit is '-'))
        {
            member?.Refuse("a name is of lower-case letters, digits and `-`");
        }

        return name ?? "";
    }

    private static Plane ReadPlanes(JsonCursor? member)
    {
        var planes = Plane.None;
        foreach (var item in member?.AsArray(4, 1) ?? [])
        {
            var plane = item.AsText(NameLengthMax) is { } name ? PlaneNames.Find(name) : Plane.None;
            if (plane is Plane.None || planes.HasFlag(plane))
            {
                item.Refuse("a plane is expected, each once", "known: " + PlaneNames.Known);
            }

            planes |= plane;
        }

        return planes;
    }

    private static bool ReadIsHttp1(JsonCursor? member)
    {
        switch (member?.AsText(NameLengthMax))
        {
            case null or "grpc":
                return false;
            case "http":
                return true;
            default:
                member.Refuse("unknown protocol", "one of grpc, http");
                return false;
        }
    }

    private static string? ReadTokens(JsonCursor? member, string baseDirectory, Plane planes)
    {
        if (member is not null && !planes.HasFlag(Plane.Admin))
        {
            member.Refuse("admin tokens are for the plane `admin`, which is not among `planes`");
        }

        return SettingsReader.PathOf(member, baseDirectory);
    }

    private static PeerRules? ReadPeers(JsonCursor? member, Plane planes)
    {
        if (member is null)
        {
            return planes.HasFlag(Plane.Admin) ? PeerRules.Own : null;
        }

        if (!member.IsObjectOf("uids", "gids"))
        {
            return null;
        }

        var rules = new PeerRules(ReadNumbers(member.Optional("uids")), ReadNumbers(member.Optional("gids")));
        if (rules.UserIds.IsEmpty && rules.GroupIds.IsEmpty)
        {
            member.Refuse("nobody could connect", "list at least one of `uids` or `gids`");
        }

        return rules;
    }

    private static ImmutableArray<uint> ReadNumbers(JsonCursor? member) =>
        [.. (member?.AsArray(IdCountMax) ?? []).Select(static item => item.AsInteger(0, uint.MaxValue - 1)).OfType<long>().Select(static id => (uint)id)];

    private static UnixFileMode ReadMode(JsonCursor? member, Plane planes)
    {
        var fallback = planes.HasFlag(Plane.Admin) ? ListenerSettings.AdminModeDefault : ListenerSettings.ModeDefault;
        if (member?.AsText(ModeLength, ModeLength) is not { } text)
        {
            return fallback;
        }

        if (!text.All(static digit => digit is >= '0' and <= '7') || text[0] is not '0')
        {
            member.Refuse("a mode is four octal digits", "such as `0660`");
            return fallback;
        }

        var mode = (UnixFileMode)text.Aggregate(0, static (value, digit) => (value * 8) + CharUnicodeInfo.GetDecimalDigitValue(digit));
        if (planes.HasFlag(Plane.Admin) && (mode & OthersMayConnect) != UnixFileMode.None)
        {
            member.Refuse("a socket for admin is not for everybody");
        }

        return mode;
    }
}
