using System.Net;
using ClawPdp.Core.Faults;
using ClawPdp.Identity.Keys;
using Microsoft.Extensions.Logging;

namespace ClawPdp.Identity;

/// <summary>
/// One issuer's signing keys: fetched on a schedule by <see cref="RunAsync"/> and when a token needs them, never more
/// than one fetch at a time. The last good keys outlive failures for a bounded time; then every token is refused.
/// </summary>
public sealed class IssuerKeySource : IDisposable
{
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<IssuerKeySource> _logger;
    private readonly KeyFetcher _fetcher;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _starting = new();

    private KeyView _view = KeyView.Initial;
    private Task _fetch = Task.CompletedTask;
    private Moment? _demandHeldFrom;
    private bool _disposed;

    /// <summary>Starts with no keys and fetches none yet.</summary>
    public IssuerKeySource(IssuerSettings settings, TimeProvider timeProvider, ILogger<IssuerKeySource> logger)
        : this(settings, timeProvider, logger, static (host, cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken))
    {
    }

    /// <summary>Starts with no keys and fetches none yet.</summary>
    /// <param name="settings">The issuer.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where failures are told.</param>
    /// <param name="resolve">Gives the addresses of a name.</param>
    internal IssuerKeySource(
        IssuerSettings settings,
        TimeProvider timeProvider,
        ILogger<IssuerKeySource> logger,
        Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        Settings = settings;
        _timeProvider = timeProvider;
        _logger = logger;
        _fetcher = new KeyFetcher(settings, timeProvider, resolve);
    }

    /// <summary>Gets the settings of the issuer.</summary>
    public IssuerSettings Settings { get; }

    /// <summary>Gets the state at this moment.</summary>
    public IssuerHealth Health
    {
        get
        {
            var view = Volatile.Read(ref _view);
            return new IssuerHealth
            {
                Issuer = Settings.Issuer,
                State = StateOf(view),
                LastSuccess = view.Succeeded?.Utc,
                LastFailure = view.Failed?.Utc,
                LastFailureReason = view.FailureReason,
                FailureCount = view.FailureCount,
                KeyCount = view.Keys.Count,
                ClockAhead = _fetcher.ClockAhead,
            };
        }
    }

    /// <summary>
    /// Fetches at once and then on the schedule until cancelled; after a failure again after the minimum interval,
    /// doubled for each further failure up to the schedule's interval. Runs once for each source.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var wait = UntilScheduled(Volatile.Read(ref _view));
            if (wait <= TimeSpan.Zero)
            {
                await Fetch().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            else
            {
                await Task.Delay(wait, _timeProvider, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Ends a running fetch and closes the connections.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        _stopping.Cancel();
        _stopping.Dispose();
        _fetcher.Dispose();
    }

    /// <summary>
    /// Finds the key for a token, fetching first when the keys are missing, too old, or do not have the id.
    /// </summary>
    internal async Task<KeyLookup> FindAsync(string keyId, string algorithm, CancellationToken cancellationToken)
    {
        var view = Volatile.Read(ref _view);
        if (!IsUsable(view) || !view.Keys.Contains(keyId))
        {
            await FetchOnDemand(view).WaitAsync(cancellationToken);
            view = Volatile.Read(ref _view);
        }

        if (view.Succeeded is null)
        {
            return Refused(IdentityFailure.IdpUnavailable, "the issuer's keys could not be fetched");
        }

        if (!IsUsable(view))
        {
            return Refused(
                IdentityFailure.IdpKeysStale, "the issuer's keys are past their bound and could not be fetched again");
        }

        return view.Keys.Contains(keyId) ? Choose(view, keyId, algorithm) : Unknown(view);
    }

    private static KeyLookup Choose(KeyView view, string keyId, string algorithm)
    {
        var key = view.Keys.Find(keyId, algorithm);
        return key is null
            ? KeyLookup.Refused(IdentityFailure.IdTokenSignatureInvalid, "no one key with this id serves the algorithm")
            : KeyLookup.Found(key);
    }

    // While fetches fail nobody can say that the issuer does not have the key.
    private KeyLookup Unknown(KeyView view) => view.FailureCount == 0
        ? Refused(IdentityFailure.IdTokenUnknownKid, "none of the issuer's keys has this id")
        : Refused(
            IdentityFailure.IdpUnavailable, "no last good key has this id, and newer keys could not be fetched");

    private KeyLookup Refused(IdentityFailure code, string message) => KeyLookup.Refused(code, message, UntilDemand());

    private bool IsUsable(KeyView view) =>
        view.Succeeded is { } succeeded && succeeded.Age(_timeProvider) <= Settings.LastGoodKeysMax;

    private IssuerState StateOf(KeyView view)
    {
        if (view.Succeeded is null)
        {
            return view.FailureCount == 0 ? IssuerState.Pending : IssuerState.Unavailable;
        }

        if (!IsUsable(view))
        {
            return IssuerState.Stale;
        }

        return view.FailureCount == 0 ? IssuerState.Healthy : IssuerState.Degraded;
    }

    private TimeSpan UntilScheduled(KeyView view)
    {
        if (view.Attempted is not { } attempted)
        {
            return TimeSpan.Zero;
        }

        var interval = Settings.KeyRefreshInterval;
        if (view.FailureCount > 0)
        {
            var backoff = Settings.KeyRefreshMinInterval * Math.Pow(2, Math.Min(view.FailureCount, 16) - 1);
            interval = backoff < interval ? backoff : interval;
        }

        return interval - attempted.Age(_timeProvider);
    }

    private TimeSpan UntilDemand()
    {
        lock (_starting)
        {
            var wait = _demandHeldFrom is { } from
                ? Settings.KeyRefreshMinInterval - _timeProvider.GetElapsedTime(from.Timestamp)
                : TimeSpan.Zero;
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }

    /// <summary>
    /// Joins the running fetch, or starts one when requests may: at most one in each minimum interval.
    /// </summary>
    /// <param name="seen">The view that was not enough; when it has been replaced since, the caller looks again
    /// first.</param>
    private Task FetchOnDemand(KeyView seen)
    {
        lock (_starting)
        {
            if (!_fetch.IsCompleted || !ReferenceEquals(seen, _view) || UntilDemand() > TimeSpan.Zero)
            {
                return _fetch;
            }

            // A fetch for want of any keys does not count against the first unknown id; a failed one does, see Publish.
            if (IsUsable(seen))
            {
                _demandHeldFrom = Moment.Now(_timeProvider);
            }

            return Fetch();
        }
    }

    private Task Fetch()
    {
        lock (_starting)
        {
            if (_fetch.IsCompleted)
            {
                // Not tied to the caller that happens to be first: the others wait for it too.
                _fetch = Task.Run(FetchAndPublishAsync, CancellationToken.None);
            }

            return _fetch;
        }
    }

    private async Task FetchAndPublishAsync()
    {
        var started = Moment.Now(_timeProvider);
        Publish(started, await FetchGuardedAsync());
    }

    private async Task<Result<KeySet>> FetchGuardedAsync()
    {
        try
        {
            return await _fetcher.FetchAsync(_stopping.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            return Result.Invalid<KeySet>("", "the fetch was stopped");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // What an issuer sends must not end the schedule, whatever a parser makes of it.
            Log.KeyFetchBroke(_logger, Settings.Issuer, exception.GetType().Name);
            return Result.Invalid<KeySet>("", "the answer could not be read");
        }
    }

    private void Publish(Moment started, Result<KeySet> fetched)
    {
        lock (_starting)
        {
            var before = _view;
            if (fetched.TryGet(out var keys))
            {
                Volatile.Write(ref _view, before.WithSuccess(started, keys));
                LogSuccess(before, keys);
            }
            else
            {
                _demandHeldFrom = started;
                var after = before.WithFailure(started, fetched.Faults[0].Message);
                Volatile.Write(ref _view, after);
                Log.KeyFetchFailed(_logger, Settings.Issuer, after.FailureCount, fetched.Faults[0].Message);
            }
        }
    }

    private void LogSuccess(KeyView before, KeySet keys)
    {
        Log.KeysFetched(_logger, Settings.Issuer, keys.Count, keys.IgnoredCount);
        if (before.FailureCount > 0)
        {
            Log.KeyFetchRecovered(_logger, Settings.Issuer, before.FailureCount);
        }
    }
}
