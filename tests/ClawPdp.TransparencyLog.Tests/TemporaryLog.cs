using ClawPdp.Core.Encoding;
using ClawPdp.Core.Log;
using ClawPdp.Crypto;
using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.TransparencyLog.Tests;

/// <summary>A log in a folder of its own, which goes away with it.</summary>
internal sealed class TemporaryLog : IDisposable, ISignedHeadStore
{
    public const string Origin = "log.example.com/clawpdp";

    public TemporaryLog()
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "clawpdp-log-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public PurposeKey Key { get; set; } = new(KeyPurpose.Log, Ed25519SigningKey.Generate());

    /// <summary>Gets or sets what the ledger would know.</summary>
    public SignedHead? Head { get; set; }

    /// <summary>Gets or sets a value indicating whether the ledger takes nothing.</summary>
    public bool IsRefusing { get; set; }

    public TransparencyLogStore Open(long fullCheckSizeMax = 65_536) => TransparencyLogStore.Open(
        new LogSettings { DirectoryPath = Path, Origin = Origin, Signer = () => Key, AcceptedDids = () => [Key.PublicKey.Did], FullCheckSizeMax = fullCheckSizeMax },
        this,
        new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));

    /// <summary>Makes entries of records: every third a receipt, every fifth a batch of two decisions.</summary>
    public static List<LogEntry> Entries(long first, int count)
    {
        var entries = new List<LogEntry>();
        for (var sequence = first; entries.Count < count; sequence = entries[^1].LastSequence + 1)
        {
            var hash = Sha256.B64u(BitConverter.GetBytes(sequence));
            entries.Add(sequence % 5 == 0
                ? new LogEntry { Kind = LogEntry.Decisions, FirstSequence = sequence, LastSequence = sequence + 1, Hash = hash }
                : new LogEntry
                {
                    Kind = sequence % 3 == 0 ? "receipt" : "event",
                    FirstSequence = sequence,
                    LastSequence = sequence,
                    Hash = hash,
                    PayloadHash = sequence % 3 == 0 ? hash : null,
                });
        }

        return entries;
    }

    public LogCheckResult Check(string? older = null) => LogCheck.Run(Path, [Key.PublicKey.Did], older);

    /// <summary>Copies the folder as it is.</summary>
    public string Copy()
    {
        var copy = Path + "-" + Guid.NewGuid().ToString("N");
        foreach (var file in Files())
        {
            var target = System.IO.Path.Combine(copy, System.IO.Path.GetRelativePath(Path, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target) ?? "/");
            File.Copy(file, target);
        }

        return copy;
    }

    public IEnumerable<string> Files() => Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    public SignedHead? Load() => Head;

    public void Save(SignedHead head)
    {
        if (IsRefusing)
        {
            throw new IOException("no space left");
        }

        Head = head;
    }

    public void Dispose()
    {
        Key.Dispose();
        Directory.Delete(Path, recursive: true);
    }
}
