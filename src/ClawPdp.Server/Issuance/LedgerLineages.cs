using System.Collections.Immutable;
using ClawPdp.Core.Json;
using ClawPdp.Engine.Tokens;
using ClawPdp.Ledger;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Issuance;

/// <summary>Follows a delegated token to the user's sign-in by the issuance records on disk.</summary>
internal sealed class LedgerLineages : ILineageSource, IDisposable
{
    private const int EnvelopeSizeMaxBytes = 1024 * 1024;

    // A disk that hangs may hold so many of the threads that decide, and each other one for so long.
    private const int ReadersMax = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _readers = new(ReadersMax, ReadersMax);
    private readonly LedgerStore _ledger;

    public LedgerLineages(LedgerStore ledger) => _ledger = ledger;

    /// <inheritdoc/>
    /// <exception cref="LedgerException">The ledger cannot be read or does not answer, or a record is damaged.</exception>
    public ImmutableArray<AncestorToken>? Find(string tokenHash)
    {
        if (!_readers.Wait(Patience))
        {
            throw new LedgerException("the disk does not answer");
        }

        try
        {
            return FindIssuances(tokenHash) is { } chain ? [.. chain.Skip(1).Select(AncestorOf)] : null;
        }
        finally
        {
            _readers.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _readers.Dispose();

    /// <summary>Gives the issuance of a token and those of all that it descends from, that of the user's sign-in last; <see langword="null"/> when one is missing.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read, or a record is damaged.</exception>
    public ImmutableArray<IssuanceRecord>? FindIssuances(string tokenHash) => FindIssuances(_ledger, tokenHash);

    /// <inheritdoc cref="FindIssuances(string)"/>
    public static ImmutableArray<IssuanceRecord>? FindIssuances(LedgerStore ledger, string tokenHash)
    {
        var chain = ImmutableArray.CreateBuilder<IssuanceRecord>();
        for (var next = (string?)tokenHash; next is not null; next = chain[^1].ParentTokenHash)
        {
            // One more than the deepest token has: whatever the ledger says, this ends.
            if (chain.Count > IssuanceSettings.DelegationDepthLimit || ledger.GetIssuance(next) is not { } issuance)
            {
                return null;
            }

            chain.Add(issuance);
        }

        return chain.ToImmutable();
    }

    /// <summary>Gives the payload of an issuance's signed envelope.</summary>
    /// <exception cref="LedgerException">The record is damaged.</exception>
    public static JsonValue PayloadOf(IssuanceRecord issuance) =>
        JsonReader.Parse(issuance.EnvelopeJson.Span, EnvelopeSizeMaxBytes) is { IsValid: true } envelope && envelope.Value.Find("payload") is { } payload
            ? payload
            : throw new LedgerException(LedgerFault.Corrupt, "an issuance record in the ledger cannot be read");

    /// <summary>Gives what can be revoked of an issued token.</summary>
    /// <exception cref="LedgerException">The record is damaged.</exception>
    public static AncestorToken AncestorOf(IssuanceRecord issuance)
    {
        var payload = PayloadOf(issuance);
        return new AncestorToken
        {
            TokenHash = issuance.TokenHash,
            TokenId = issuance.TokenId,
            Subject = issuance.Subject,
            OwnerRef = issuance.OwnerRef,
            OwnerDid = payload.FindText("owner_did"),
            KeyId = issuance.KeyId,
            PolicyHash = issuance.PolicyHash,
            MissionId = issuance.MissionId,
            IssuedAt = (long)(payload.Find("iat")?.Number ?? issuance.IssuedAt.ToUnixTimeSeconds()),
        };
    }
}
