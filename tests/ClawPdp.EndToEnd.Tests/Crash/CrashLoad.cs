using System.Globalization;

namespace ClawPdp.EndToEnd.Tests.Crash;

/// <summary>A mixed load from several connections, bounded in number, which ends by itself when the process dies.</summary>
internal sealed class CrashLoad
{
    private const int CallerCount = 6;
    private const int OperationCountMax = 150;

    private readonly LiveSidecar _sidecar;
    private readonly SidecarHome _home;
    private readonly Acknowledgements _told;
    private readonly TokenSlot[] _slots;
    private readonly string _name;
    private volatile bool _isEnding;
    private volatile bool _isOver;

    private CrashLoad(LiveSidecar sidecar, SidecarHome home, Acknowledgements told, TokenSlot[] slots, string name)
    {
        _sidecar = sidecar;
        _home = home;
        _told = told;
        _slots = slots;
        _name = name;
    }

    /// <summary>Gets whether the process is being ended: from then on a call may fail.</summary>
    public bool IsEnding => _isEnding;

    /// <summary>Prepares a load on tokens that callers share two by two.</summary>
    public static async Task<CrashLoad> PrepareAsync(LiveSidecar sidecar, SidecarHome home, Acknowledgements told, string name)
    {
        var slots = new TokenSlot[CallerCount / 2];
        for (var index = 0; index < slots.Length; index++)
        {
            var issued = (await sidecar.TryIssueAsync()).Issued;
            slots[index] = new TokenSlot(issued.Cst, issued.TokenHash);
            told.Add(told.Tokens, slots[index]);
        }

        return new CrashLoad(sidecar, home, told, slots, name);
    }

    /// <summary>Says that the process is about to be ended: callers go on until it is gone.</summary>
    public void End() => _isEnding = true;

    /// <summary>Ends the load after the calls under way.</summary>
    public void Stop() => _isOver = true;

    /// <summary>Runs until every caller has done its part, or can do no more.</summary>
    public Task RunAsync(Random random)
    {
        var seeds = Enumerable.Range(0, CallerCount).Select(_ => random.Next()).ToArray();
        return Task.WhenAll(Enumerable.Range(0, CallerCount).Select(index => Task.Run(() => CallAsync(index, new Random(seeds[index])))));
    }

    private async Task CallAsync(int index, Random random)
    {
        using var caller = new CrashCaller(this, _home, _sidecar.Address, _told, string.Create(CultureInfo.InvariantCulture, $"{_name}-{index}"));
        for (var count = 0; count < OperationCountMax && !_isOver; count++)
        {
            var place = random.Next(_slots.Length);
            var slot = Volatile.Read(ref _slots[place]);
            var goesOn = random.Next(100) switch
            {
                < 25 => await caller.AskAsync(slot),
                < 60 => await caller.SignAsync(slot),
                < 70 => await caller.SignTwiceAsync(slot),
                < 85 => await caller.AppendAsync(slot),
                < 93 => await caller.RenewAsync(fresh => Volatile.Write(ref _slots[place], fresh)),
                _ => await caller.RevokeAsync(slot) && await caller.RenewAsync(fresh => Volatile.Write(ref _slots[place], fresh)),
            };
            if (!goesOn)
            {
                return;
            }
        }
    }
}
