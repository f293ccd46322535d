using System.Collections.Immutable;
using System.Net;
using System.Text;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Settings;

/// <summary>Reads the member <c>listen</c>: the short form, and whatever listens beside it.</summary>
internal static class ListenReader
{
    private const int AuthorityCountMax = 16;
    private const int AuthorityLengthMax = 262;
    private const string AcknowledgementMember = "plaintext_loopback_admin";
    private const string SocketDefault = "clawpdp.sock";
    private const string AdminSocketDefault = "admin.sock";
    private const int AddressLengthMax = 64;
    private const int ListenerCountMax = 16;

    // The kernel's limit for sun_path, less the final zero.
    private const int SocketPathLengthMax = 107;

    /// <summary>Reads it; every fault goes to the document's.</summary>
    /// <param name="listen">The member; <see langword="null"/> when it is absent.</param>
    /// <param name="baseDirectory">What relative paths start from.</param>
    /// <param name="dataDirectory">Where sockets lie by default; <see langword="null"/> when that is faulty.</param>
    public static ListenSettings Read(JsonCursor? listen, string baseDirectory, string? dataDirectory)
    {
        var isObject = listen?.IsObjectOf("grpc", "http", "unix_socket", "admin_socket", "allow_non_loopback", AcknowledgementMember, "listeners", "authorities") ?? false;
        var members = isObject ? listen : null;
        var anywhere = IsSet(members, "allow_non_loopback");
        var settings = new ListenSettings
        {
            Authorities = [.. (members?.Optional("authorities")?.AsArray(AuthorityCountMax, countMin: 1) ?? []).Select(static item => item.AsText(AuthorityLengthMax)).OfType<string>()],
            Grpc = ReadShort(members?.Optional("grpc"), SettingsReader.GrpcDefault, anywhere),
            Http = ReadShort(members?.Optional("http"), SettingsReader.HttpDefault, anywhere),
            UnixSocketPath = ReadSocket(members?.Optional("unix_socket"), baseDirectory, InData(dataDirectory, SocketDefault)),
            AdminSocketPath = ReadSocket(members?.Optional("admin_socket"), baseDirectory, InData(dataDirectory, AdminSocketDefault)),
            HasPlaintextLoopbackAdmin = IsSet(members, AcknowledgementMember),
        };
        settings = settings with { Further = ReadFurther(members?.Optional("listeners"), baseDirectory, anywhere, settings.HasPlaintextLoopbackAdmin) };
        CheckTogether(members, settings);
        return settings;
    }

    /// <summary>Reads an address: an IP literal with a port.</summary>
    public static IPEndPoint? ReadEndPoint(JsonCursor? member, string example)
    {
        if (member?.AsText(AddressLengthMax) is not { } text)
        {
            return null;
        }

        if (!EndPointText.TryParse(text, out var endPoint))
        {
            member.Refuse("an IP address with a port is expected", $"such as `{example}`");
        }

        return endPoint;
    }

    /// <summary>Tells whether an address is not loopback.</summary>
    public static bool IsElsewhere(IPEndPoint? endPoint) => endPoint is not null && !IPAddress.IsLoopback(endPoint.Address);

    /// <summary>Tells whether a Unix socket can have a path.</summary>
    public static bool IsSocketPath(string path) => Encoding.UTF8.GetByteCount(path) <= SocketPathLengthMax;

    /// <summary>Refuses a path that no Unix socket can have.</summary>
    public static string? ReadSocketPath(JsonCursor member, string baseDirectory)
    {
        var path = SettingsReader.PathOf(member, baseDirectory);
        if (path is not null && !IsSocketPath(path))
        {
            member.Refuse($"a Unix socket's path has at most {SocketPathLengthMax} bytes");
        }

        return path;
    }

    private static string? InData(string? dataDirectory, string name) => dataDirectory is null ? null : Path.Combine(dataDirectory, name);

    // The member `null` switches a listener off; an absent member stands for its default.
    private static IPEndPoint? ReadShort(JsonCursor? member, string fallback, bool anywhere)
    {
        if (member is null)
        {
            return EndPointText.TryParse(fallback, out var known) ? known : null;
        }

        var endPoint = member.Value.Kind == JsonKind.Null ? null : ReadEndPoint(member, fallback);
        if (!anywhere && IsElsewhere(endPoint))
        {
            member.Refuse("the address is not loopback", "this port has no caller authentication; set /listen/allow_non_loopback to true if that is meant");
        }

        return endPoint;
    }

    private static string? ReadSocket(JsonCursor? member, string baseDirectory, string? fallback)
    {
        if (member is null)
        {
            return fallback is not null && IsSocketPath(fallback) ? fallback : null;
        }

        return member.Value.Kind == JsonKind.Null ? null : ReadSocketPath(member, baseDirectory);
    }

    private static bool IsSet(JsonCursor? members, string name) => members?.Optional(name)?.AsBoolean() ?? false;

    private static ImmutableArray<ListenerSettings> ReadFurther(JsonCursor? list, string baseDirectory, bool anywhere, bool plaintextAdmin) =>
    [
        .. (list?.AsArray(ListenerCountMax) ?? []).Select(item => ListenerReader.Read(item, baseDirectory, anywhere, plaintextAdmin)).OfType<ListenerSettings>(),
    ];

    private static void CheckTogether(JsonCursor? members, ListenSettings settings)
    {
        if (settings.HasPlaintextLoopbackAdmin && (IsElsewhere(settings.Grpc) || IsElsewhere(settings.Http)))
        {
            members?.Optional(AcknowledgementMember)?.Refuse("the admin plane in cleartext is for loopback alone", "use `listeners` with `tls`, or the admin socket");
        }

        var all = settings.All;
        if (all.All(static listener => listener.IsHttp1 || string.Equals(listener.Name, ListenSettings.AdminSocketName, StringComparison.Ordinal)))
        {
            members?.Refuse("nothing listens for gRPC", "leave `grpc` or `unix_socket` out for its default");
        }

        if (Twice(all.Select(static listener => listener.Name)) is { } name)
        {
            members?.Refuse($"two listeners have the name `{name}`");
        }

        if (Twice(all.Select(static listener => listener.SocketPath)) is { } path)
        {
            members?.Refuse($"two listeners have the socket `{path}`");
        }
    }

    private static string? Twice(IEnumerable<string?> texts) =>
        texts.OfType<string>().GroupBy(static text => text, StringComparer.Ordinal).FirstOrDefault(static group => group.Skip(1).Any())?.Key;
}
