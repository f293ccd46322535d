using System.Globalization;
using ClawPdp.Crypto;
using ClawPdp.Files;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Doctor;

/// <summary>Looks at the installation's own keys: is there one that signs for each purpose, and how old is it?</summary>
internal static class KeysExam
{
    private const string Check = "keys";
    private const int AgeDaysMax = 180;

    /// <summary>Looks.</summary>
    public static IEnumerable<Finding> Look(ServerSettings settings, TimeProvider time)
    {
        // To look must not make the folder.
        if (!Directory.Exists(Path.Combine(settings.DataDirectory, "keys")))
        {
            return [Finding.Warn(Check, "there are no keys yet", "nothing, before the first start, which makes them")];
        }

        try
        {
            using var vault = new KeyVault(settings.Keys.Passphrase, settings.Keys.AllowPlaintext);
            var store = new KeyStore(settings.DataDirectory, time, vault);
            var ring = store.Load();
            ring.Wipe();
            var signers = new List<Finding>();
            foreach (var purpose in KeyPurposeText.Held.Where(purpose => ring.ActiveOf(purpose) is not null))
            {
                // With the wrong passphrase the next start fails.
                using var key = store.OpenActive(purpose);
                if (ring.ActiveOf(purpose) is { SignerSocket: { } socket })
                {
                    signers.Add(LookAtSigner(key, socket, settings.DataDirectory));
                }
            }

            return [.. KeyPurposeText.Held.Select(purpose => Look(KeyPurposeText.NameOf(purpose), ring.ActiveOf(purpose), time.GetUtcNow(), settings.DataDirectory)), .. signers];
        }
        catch (UnsafeFileException failure)
        {
            return [Finding.Wrong(Check, failure.Message, "a key file that is damaged must come from a backup; of one that is open to others the key must be rotated; for passphrases see docs/keys.md")];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [Finding.Wrong(Check, $"the keys cannot be read: {failure.Message}", "run this command as the user that the sidecar runs as")];
        }
    }

    private static Finding LookAtSigner(PurposeKey key, string socket, string data)
    {
        try
        {
            key.Check();
            return Finding.Ok("signer", $"the signer at `{socket}` answers with the key {key.PublicKey.KeyId}");
        }
        catch (SignerUnavailableException failure)
        {
            return Finding.Wrong(
                "signer",
                $"no token is issued: {failure.Message}",
                $"start it: clawpdp signer ... --socket {socket} (docs/keys.md), and see that this user may open the socket; where the token with the key is lost, run: clawpdp keys rotate token --ahead 0 --data {data}");
        }
    }

    private static Finding Look(string purpose, StoredKey? key, DateTimeOffset now, string data)
    {
        if (key is null)
        {
            return Finding.Wrong(Check, $"no key signs for the purpose {purpose}", "start the sidecar, which makes one, or bring the file back from a backup");
        }

        var age = (int)(now - key.CreatedAt).TotalDays;
        var words = string.Create(CultureInfo.InvariantCulture, $"the key for {purpose} is {Math.Max(0, age)} days old");
        return age < 0 ? Finding.Wrong(Check, $"the key for {purpose} is from the future", "set the system's clock right")
            : age <= AgeDaysMax ? Finding.Ok(Check, words)
            : Finding.Warn(Check, words, $"run: clawpdp keys rotate {purpose} --data {data}");
    }
}
