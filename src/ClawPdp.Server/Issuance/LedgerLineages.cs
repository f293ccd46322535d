using System.Collections.Immutable;
using ClawPdp.Core.Json;
using ClawPdp.Engine.Tokens;
using ClawPdp.Ledger;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Issuance;

/// <summary>Follows a delegated token to the user's sign-in by the issuance records on disk.</summary>
internal sealed class LedgerLineages : ILineageSource
{
    private const int EnvelopeSizeMaxBytes = 1024 * 1024;

    private readonly LedgerStore _ledger;

    public LedgerLineages(LedgerStore ledger) => _ledger = ledger;

    /// <inheritdoc/>
    /// <exception cref="LedgerException">The ledger cannot be read, or a record is damaged.</exception>
    public ImmutableArray<AncestorToken>? Find(string tokenHash) => FindIssuances(tokenHash) is { } chain
        ? [.. chain.Skip(1).Select(AncestorOf)]
        : null;

    /// <summary>Gives the issuance of a token and those of all that it descends from, that of the user's sign-in last; <see langword="null"/> when one is missing.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read, or a record is damaged.</exception>
    public ImmutableArray<IssuanceRecord>? FindIssuances(string tokenHash)
    {
        var chain = ImmutableArray.CreateBuilder<IssuanceRecord>();
        for (var next = (string?)tokenHash; next is not null; next = chain[^1].ParentTokenHash)
        {
            // One more than the deepest token has: whatever the ledger says, this ends.
            if (chain.Count > IssuanceSettings.DelegationDepthLimit || _ledger.GetIssuance(next) is not { } issuance)
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
