using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Ledger;
using ClawPdp.Server.Health;
using ClawPdp.Server.Reload;

namespace ClawPdp.Server.Policies;

/// <summary>
/// The configured folder of signed policies: each is taken in, none is activated, and what goes away stays held. Looked at by its
/// names and contents, so that atomic renames and the symlink swaps of a Kubernetes ConfigMap are seen. A file that is no policy is a fault
/// that shows; the others are not touched by it.
/// </summary>
internal sealed class PolicyDirectory : IReloadable
{
    /// <summary>The most files that are looked at.</summary>
    public const int FileCountMax = 256;

    private readonly string _path;
    private readonly PolicyDesk _desk;
    private readonly FaultBoard _board;
    private HashSet<string> _taken = new(StringComparer.Ordinal);

    public PolicyDirectory(string path, PolicyDesk desk, PolicyMeter meter, ILogger<PolicyDirectory> logger)
    {
        _path = path;
        _desk = desk;
        _board = new FaultBoard("policy directory", meter, logger);
    }

    /// <inheritdoc/>
    public string Name => "policy directory";

    /// <inheritdoc/>
    public string? Fault => _board.Fault;

    /// <summary>Gives the files of a folder that count, in the order of their names: <c>*.json</c> without a leading dot.</summary>
    /// <exception cref="IOException">The folder cannot be read, or holds too many.</exception>
    public static IReadOnlyList<string> FilesOf(string path)
    {
        // Not by a pattern: one with three letters after the dot also meets longer endings on some systems.
        var files = Directory.EnumerateFiles(path)
            .Where(static file => file.EndsWith(".json", StringComparison.Ordinal) && Path.GetFileName(file)[0] != '.')
            .Order(StringComparer.Ordinal)
            .Take(FileCountMax + 1)
            .ToList();
        return files.Count <= FileCountMax ? files : throw new IOException($"the folder holds more than {FileCountMax} policies");
    }

    /// <inheritdoc/>
    public async Task ReloadAsync()
    {
        try
        {
            _board.Show(await TakeUpAsync(FilesOf(_path)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _board.Show($"{_path}: {(exception is DirectoryNotFoundException ? "there is no such folder" : "the folder cannot be read")}");
        }
        catch (LedgerException exception)
        {
            _board.Show($"{_path}: a policy could not be put on disk: {exception.Message}");
        }
    }

    // Gives the faults in words; null for none.
    private async Task<string?> TakeUpAsync(IReadOnlyList<string> files)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var faults = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var waiting = new Queue<(string File, byte[] Content)>();
        foreach (var file in files)
        {
            if (TryRead(file, faults) is { } content && !IsTaken(content, seen))
            {
                waiting.Enqueue((file, content));
            }
        }

        // A policy may stand before the one that it inherits from: those are tried again as long as another one got in.
        for (var left = waiting.Count; left > 0; left--)
        {
            var (file, content) = waiting.Dequeue();
            var put = await _desk.PutAsync(content, replaces: false);
            faults.Remove(file);
            if (put.Refusal is { } refusal)
            {
                faults.Add(file, refusal.Message);
                if (refusal.Reason == ReasonCode.WpcParentUnresolved)
                {
                    waiting.Enqueue((file, content));
                }
            }
            else
            {
                // Looked at again while another signature stands: should that one's key be revoked, this one takes its place.
                _ = put.IsSignerStanding && seen.Add(Sha256.B64u(content));
                left = put.Existed ? left : waiting.Count + 1;
            }
        }

        _taken = seen;
        return faults.Count == 0 ? null : $"{faults.First().Key}: {faults.First().Value}{(faults.Count > 1 ? $" (and {faults.Count - 1} more files)" : "")}";
    }

    private static byte[]? TryRead(string file, SortedDictionary<string, string> faults)
    {
        try
        {
            return BoundedFile.Read(file, PolicyEnvelopeReader.SizeMaxBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            faults.Add(file, "the file cannot be read");
            return null;
        }
    }

    private bool IsTaken(byte[] content, HashSet<string> seen)
    {
        var hash = Sha256.B64u(content);
        if (!_taken.Contains(hash))
        {
            return false;
        }

        seen.Add(hash);
        return true;
    }
}
