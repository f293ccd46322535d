using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Policies;
using ClawPdp.Server.Health;
using ClawPdp.Server.Reload;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Policies;

/// <summary>
/// The configured policy file: whenever its content has changed, it is taken in and activated for every audience without a policy of its
/// own. What was taken up last is on disk, so that a start does not undo an activation that was made since.
/// </summary>
internal sealed class PolicyFile : IReloadable
{
    private const string TakenName = "policy_file_sha256";

    private readonly string _path;
    private readonly PolicyDesk _desk;
    private readonly PolicyActivations _activations;
    private readonly LedgerStore _ledger;
    private readonly FaultBoard _board;
    private string? _taken;
    private bool _isSignerStanding;

    public PolicyFile(string path, PolicyDesk desk, PolicyActivations activations, LedgerStore ledger, PolicyMeter meter, ILogger<PolicyFile> logger)
    {
        _path = path;
        _desk = desk;
        _activations = activations;
        _ledger = ledger;
        _board = new FaultBoard("policy", meter, logger);
        _taken = ledger.GetMeta(TakenName);
    }

    /// <inheritdoc/>
    public string Name => "policy";

    /// <inheritdoc/>
    public string? Fault => _board.Fault;

    /// <summary>Takes the file up for the first time since the start.</summary>
    /// <returns>The faults that the start must fail with: those of the file, while no policy was ever active.</returns>
    public async Task<ImmutableArray<Fault>> OpenAsync()
    {
        var faults = await TakeUpAsync();
        if (!faults.IsEmpty && _activations.For("") is null)
        {
            return faults;
        }

        Show(faults);
        return [];
    }

    /// <inheritdoc/>
    public async Task ReloadAsync() => Show(await TakeUpAsync());

    private void Show(ImmutableArray<Fault> faults) => _board.Show(faults.IsEmpty ? null : FaultText.Write(_path, faults[0]));

    private async Task<ImmutableArray<Fault>> TakeUpAsync()
    {
        try
        {
            var content = BoundedFile.Read(_path, PolicyEnvelopeReader.SizeMaxBytes);
            var hash = Sha256.B64u(content);
            if (string.Equals(hash, _taken, StringComparison.Ordinal))
            {
                return await LookAgainAsync(content);
            }

            // A refused content is tried again each time: the policy that it inherits from may have come, or a key.
            var faults = await TakeUpAsync(content, hash);
            _taken = faults.IsEmpty ? hash : _taken;
            return faults;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [new Fault("", "the file cannot be read")];
        }
        catch (LedgerException exception)
        {
            return [new Fault("", $"the policy could not be put on disk: {exception.Message}")];
        }
    }

    // Should the key of the signature that stands be revoked, that of the file takes its place. What it activated once it activates no more.
    private async Task<ImmutableArray<Fault>> LookAgainAsync(byte[] content)
    {
        if (!_isSignerStanding)
        {
            var put = await _desk.PutAsync(content, replaces: false);
            _isSignerStanding = put.Held is not null && put.IsSignerStanding;
        }

        return [];
    }

    private async Task<ImmutableArray<Fault>> TakeUpAsync(byte[] content, string hash)
    {
        var put = await _desk.PutAsync(content, replaces: false);
        _isSignerStanding = put.Held is not null && put.IsSignerStanding;
        if (put.Held is not { } held)
        {
            return put.Refusal?.Faults ?? [];
        }

        // The same policy, signed again or written otherwise, changes nothing that an activation could state.
        if (string.Equals(_activations.For("")?.PolicyHash, held.Policy.PolicyHash, StringComparison.Ordinal))
        {
            await _ledger.SetMetaAsync(TakenName, hash);
            return [];
        }

        var result = await _desk.ActivateAsync(new ActivationCommand
        {
            PolicyHash = held.Policy.PolicyHash,
            Source = ActivationRecord.File,
            Facts = [(TakenName, hash)],
        });
        return result.Refusal?.Faults ?? [];
    }
}
