using System.Collections.Immutable;
using ClawPdp.Core.Json;
using ClawPdp.Core.Tokens;
using ClawPdp.Crypto;
using ClawPdp.Server.Keys;

namespace ClawPdp.Server.Settings;

/// <summary>Reads the member <c>keys</c>.</summary>
internal static class KeySettingsReader
{
    private const int RotateAfterMinSeconds = 3600;
    private const int AheadMaxSeconds = 86_400;
    private const int AheadDefaultSeconds = 300;
    private const int OverlapMaxSeconds = 30 * 86_400;
    private const int RotateAfterMaxSeconds = 3650 * 86_400;

    // systemd names credentials by files in one directory (systemd.exec(5)).
    private const string CredentialsVariable = "CREDENTIALS_DIRECTORY";
    private const int CredentialNameLengthMax = 255;

    /// <summary>Reads the member; every fault goes to the document's.</summary>
    /// <param name="keys">The member; <see langword="null"/> when it is absent.</param>
    /// <param name="baseDirectory">What relative paths start from.</param>
    /// <param name="tokenLifetimeMaxSeconds">How long a token may live, in seconds.</param>
    public static KeySettings Read(JsonCursor? keys, string baseDirectory, int tokenLifetimeMaxSeconds)
    {
        var members = keys is not null && keys.IsObjectOf("passphrase_file", "passphrase_credential", "allow_plaintext", "rotate_after_seconds", "publish_ahead_seconds", "token_overlap_seconds") ? keys : null;
        var ahead = members?.Optional("publish_ahead_seconds")?.AsInteger(0, AheadMaxSeconds) ?? AheadDefaultSeconds;
        var overlap = members?.Optional("token_overlap_seconds");
        var overlapMin = Math.Max(CstLimits.TtlMaxSeconds, tokenLifetimeMaxSeconds);
        var overlapSeconds = overlap?.AsInteger(0, OverlapMaxSeconds) ?? overlapMin;
        if (overlapSeconds < tokenLifetimeMaxSeconds)
        {
            overlap?.Refuse("tokens would outlive the key that verifies them", $"at least /issuance/ttl_max_seconds, which is {tokenLifetimeMaxSeconds}");
        }

        return new KeySettings
        {
            Passphrase = ReadPassphrase(members, baseDirectory),
            AllowPlaintext = members?.Optional("allow_plaintext")?.AsBoolean() ?? false,
            RotateAfter = ReadSchedule(members?.Optional("rotate_after_seconds"), ahead),
            PublishAhead = TimeSpan.FromSeconds(ahead),
            TokenOverlap = TimeSpan.FromSeconds(overlapSeconds),
        };
    }

    private static ImmutableDictionary<KeyPurpose, TimeSpan> ReadSchedule(JsonCursor? member, long aheadSeconds)
    {
        var schedule = ImmutableDictionary.CreateBuilder<KeyPurpose, TimeSpan>();
        if (member is null || !member.IsObjectOf(KeyPurposeText.Names.AsSpan()))
        {
            return schedule.ToImmutable();
        }

        foreach (var purpose in KeyPurposeText.Held)
        {
            var entry = member.Optional(KeyPurposeText.NameOf(purpose));
            if (entry?.AsInteger(RotateAfterMinSeconds, RotateAfterMaxSeconds) is not { } seconds)
            {
                continue;
            }

            if (seconds <= aheadSeconds)
            {
                entry.Refuse("a key would be replaced before it signs", "more than publish_ahead_seconds");
            }

            schedule.Add(purpose, TimeSpan.FromSeconds(seconds));
        }

        return schedule.ToImmutable();
    }

    private static PassphraseFile? ReadPassphrase(JsonCursor? members, string baseDirectory)
    {
        var file = members?.Optional("passphrase_file");
        var credential = members?.Optional("passphrase_credential");
        if (file is not null && credential is not null)
        {
            credential.Refuse("there is one passphrase", "leave out passphrase_file or passphrase_credential");
            return null;
        }

        if (SettingsReader.PathOf(file, baseDirectory) is { } path)
        {
            return PassphraseFile.At(path);
        }

        return credential is null ? null : ReadCredential(credential);
    }

    private static PassphraseFile? ReadCredential(JsonCursor member)
    {
        var name = member.AsText(CredentialNameLengthMax);
        if (name is null)
        {
            return null;
        }

        if (name is "." or ".." || name.AsSpan().ContainsAny('/', '\0'))
        {
            member.Refuse("the name of a credential is that of a file, without a folder");
            return null;
        }

        var directory = Environment.GetEnvironmentVariable(CredentialsVariable);
        if (string.IsNullOrEmpty(directory) || !Path.IsPathRooted(directory))
        {
            member.Refuse($"there is no ${CredentialsVariable}", "systemd sets it for a unit with LoadCredential= or LoadCredentialEncrypted=");
            return null;
        }

        return PassphraseFile.OfCredential(directory, name);
    }
}
