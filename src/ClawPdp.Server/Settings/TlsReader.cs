using System.Collections.Immutable;
using ClawPdp.Core.Json;
using ClawPdp.Server.Callers;

namespace ClawPdp.Server.Settings;

/// <summary>Reads the member <c>tls</c> of a listener.</summary>
internal static class TlsReader
{
    private const int RevocationFileCountMax = 16;
    private const int SpiffeIdCountMax = 1024;
    private const int SpiffeIdLengthMax = 2050;

    /// <summary>Reads it; <see langword="null"/> when it is absent, or no object.</summary>
    /// <param name="member">The member.</param>
    /// <param name="baseDirectory">What relative paths start from.</param>
    public static TlsSettings? Read(JsonCursor? member, string baseDirectory)
    {
        if (member is null || !member.IsObjectOf("certificate_file", "key_file", "client_ca_file", "client_crl_files", "spiffe_ids"))
        {
            return null;
        }

        var authority = member.Optional("client_ca_file");
        var ids = member.Optional("spiffe_ids");
        if ((authority is null) != (ids is null))
        {
            member.Refuse("`client_ca_file` and `spiffe_ids` belong together", "an authority alone would let every certificate in that it ever signs");
        }

        var lists = member.Optional("client_crl_files");
        if (lists is not null && authority is null)
        {
            lists.Refuse("lists of revoked certificates are of the authorities of `client_ca_file`, which is not there");
        }

        return new TlsSettings
        {
            CertificatePath = SettingsReader.PathOf(member.Required("certificate_file"), baseDirectory) ?? "",
            KeyPath = SettingsReader.PathOf(member.Required("key_file"), baseDirectory) ?? "",
            ClientAuthorityPath = SettingsReader.PathOf(authority, baseDirectory),
            RevocationPaths = [.. (lists?.AsArray(RevocationFileCountMax, 1) ?? []).Select(item => SettingsReader.PathOf(item, baseDirectory)).OfType<string>()],
            SpiffeIds = ReadIds(ids),
        };
    }

    private static ImmutableArray<SpiffePattern> ReadIds(JsonCursor? member)
    {
        var patterns = ImmutableArray.CreateBuilder<SpiffePattern>();
        foreach (var item in member?.AsArray(SpiffeIdCountMax, 1) ?? [])
        {
            if (item.AsText(SpiffeIdLengthMax) is not { } text)
            {
                continue;
            }

            if (SpiffePattern.Parse(text) is { } pattern)
            {
                patterns.Add(pattern);
            }
            else
            {
                item.Refuse("a SPIFFE id is expected, or one with `/*` at its end", "such as `spiffe://example.org/ns/prod/sa/agent`");
            }
        }

        return patterns.ToImmutable();
    }
}
