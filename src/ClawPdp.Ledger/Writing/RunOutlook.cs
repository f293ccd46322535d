using System.Collections.Concurrent;

namespace ClawPdp.Ledger.Writing;

/// <summary>
/// Where the runs stood when something was last added to them, for whoever makes a receipt ready before its turn. It is a guess: what was rolled
/// back may be in it. Safe for concurrent use.
/// </summary>
internal sealed class RunOutlook
{
    // Somewhat more than a kilobyte each.
    private const int CountMax = 2048;

    private readonly ConcurrentDictionary<string, RunTip> _tips = new(StringComparer.Ordinal);

    /// <summary>Gives the end of a run, which is not known of one that is new here.</summary>
    public RunTip Of(string runId)
    {
        if (_tips.TryGetValue(runId, out var known))
        {
            return known;
        }

        if (_tips.Count >= CountMax)
        {
            _tips.Clear();
        }

        return _tips.GetOrAdd(runId, static _ => new RunTip());
    }
}
