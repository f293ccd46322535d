using System.Collections.Immutable;
using System.Security.Cryptography;
using ClawPdp.Files;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Keys;

/// <summary>Tries whether the key files open as settings say, and changes nothing.</summary>
internal static class KeyAccess
{
    /// <summary>Gives why they do not; <see langword="null"/> when all do, and where there are none yet.</summary>
    public static string? FaultOf(ServerSettings settings)
    {
        using var vault = new KeyVault(settings.Keys.Passphrase, settings.Keys.AllowPlaintext);
        ImmutableArray<KeyFolder> folders = [KeyStore.FolderOf(settings.DataDirectory), AgentKeyStore.FolderOf(settings.DataDirectory)];
        try
        {
            // Before the first start there is nothing to open, and the passphrase must be good all the same.
            CryptographicOperations.ZeroMemory(settings.Keys.Passphrase?.Read());
            foreach (var folder in folders.Where(static folder => folder.Exists))
            {
                Try(folder, vault);
            }

            return null;
        }
        catch (UnsafeFileException failure)
        {
            return failure.Message;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"the keys or their passphrase cannot be read: {failure.Message}";
        }
    }

    private static void Try(KeyFolder folder, KeyVault vault)
    {
        var files = folder.ReadAll();
        foreach (var (_, key) in files)
        {
            CryptographicOperations.ZeroMemory(key.Seed);
        }

        vault.CheckAlike(files);
        foreach (var (path, key) in files.Where(static file => file.Key.SealedSeed is not null))
        {
            CryptographicOperations.ZeroMemory(vault.OpenSeed(key, path));
        }
    }
}
