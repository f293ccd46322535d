using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ClawPdp.Core.Json;
using ClawPdp.Server.Doors.Http;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>Reads the settings of the OAuth endpoints.</summary>
internal static class OAuthSettingsReader
{
    private const int ClientCountMax = 256;
    private const int ClientIdLengthMax = 128;
    private const int HashTextMax = 64;

    private static readonly ImmutableArray<(string Name, OAuthRights Right)> Rights =
        [("exchange", OAuthRights.Exchange), ("introspect", OAuthRights.Introspect), ("revoke", OAuthRights.Revoke)];

    /// <summary>Reads the member; every fault goes to the document's.</summary>
    public static OAuthSettings Read(JsonCursor? member)
    {
        var members = member is not null && member.IsObjectOf("public_url", "clients") ? member : null;
        return new OAuthSettings
        {
            PublicUrl = PublicUrl.Read(members?.Optional("public_url")),
            Clients = ReadClients(members?.Optional("clients")),
        };
    }

    private static ImmutableArray<OAuthClient> ReadClients(JsonCursor? list)
    {
        var clients = ImmutableArray.CreateBuilder<OAuthClient>();
        foreach (var item in list?.AsArray(ClientCountMax, 1) ?? [])
        {
            if (!item.IsObjectOf("client_id", "secret_sha256", "may"))
            {
                continue;
            }

            var id = ReadId(item.Required("client_id"));
            if (clients.Any(other => string.Equals(other.ClientId, id, StringComparison.Ordinal)))
            {
                item.Refuse("the client is configured twice");
            }

            clients.Add(new OAuthClient(id, ReadHash(item.Required("secret_sha256")), ReadRights(item.Required("may"))));
        }

        return clients.ToImmutable();
    }

    private static string ReadId(JsonCursor? member)
    {
        var text = member?.AsText(ClientIdLengthMax) ?? "";
        if (text.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            member?.Refuse("a client id is printable ASCII without spaces");
        }

        return text;
    }

    private static byte[] ReadHash(JsonCursor? member)
    {
        var text = member?.AsText(HashTextMax) ?? "";
        var hash = HashOf(text);
        if (hash.Length != SHA256.HashSizeInBytes && text.Length > 0)
        {
            member?.Refuse("the SHA-256 of the secret is expected: 64 hexadecimal digits, or 43 base64url characters");
        }

        return hash;
    }

    private static byte[] HashOf(string text)
    {
        if (text.Length == HashTextMax)
        {
            return text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : [];
        }

        return Core.Encoding.Base64UrlText.IsSha256(text) ? Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(text)) : [];
    }

    private static OAuthRights ReadRights(JsonCursor? list)
    {
        var rights = OAuthRights.None;
        foreach (var item in list?.AsArray(Rights.Length, 1) ?? [])
        {
            var name = item.AsText(HashTextMax);
            var right = Rights.FirstOrDefault(known => string.Equals(known.Name, name, StringComparison.Ordinal)).Right;
            if (name is not null && right == OAuthRights.None)
            {
                item.Refuse("unknown right", "one of " + string.Join(", ", Rights.Select(static known => known.Name)));
            }

            rights |= right;
        }

        return rights;
    }
}
