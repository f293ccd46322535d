using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Policies;
using ClawPdp.Engine.Policies;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Server.Policies;

/// <summary>The policies that are held. What is in here is on disk, and never leaves. Read by anyone, changed by one at a time.</summary>
internal sealed class PolicyLibrary
{
    private readonly LedgerStore _ledger;
    private ImmutableSortedDictionary<string, HeldPolicy> _held = ImmutableSortedDictionary.Create<string, HeldPolicy>(StringComparer.Ordinal);

    private PolicyLibrary(LedgerStore ledger) => _ledger = ledger;

    private ImmutableSortedDictionary<string, HeldPolicy> Held => Volatile.Read(ref _held);

    /// <summary>Reads what is on disk.</summary>
    /// <remarks>
    /// What is no policy by the rules of today, such as one that an older version took in, is left out and told: nothing can be done by it.
    /// A start fails for it only where it is active.
    /// </remarks>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public static PolicyLibrary Open(LedgerStore ledger, ILogger<PolicyLibrary> logger)
    {
        var library = new PolicyLibrary(ledger);
        foreach (var document in ledger.Policies.ReadEnvelopes())
        {
            // It was judged when it was taken in: who may sign since then, and an expiry that has passed, do not undo that.
            var reading = PolicyEnvelopeReader.Judge(document.Text.Span, [SignerOf(document)], document.RecordedAt);
            if (reading.Signed is { } signed)
            {
                library.Hold(new HeldPolicy(signed, document.Text, document.RecordedAt));
            }
            else
            {
                Log.PolicyLeftOut(logger, document.Hash, reading.Faults[0].Message);
            }
        }

        return library;
    }

    /// <summary>Gives a policy by its hash; <see langword="null"/> for one that is not held.</summary>
    public HeldPolicy? Find(string policyHash) => Held.GetValueOrDefault(policyHash);

    /// <summary>Gives the policies after a hash, in the order of their hashes; empty stands for all.</summary>
    public IEnumerable<HeldPolicy> After(string policyHash) =>
        Held.SkipWhile(item => string.CompareOrdinal(item.Key, policyHash) <= 0).Select(static item => item.Value);

    /// <summary>Gives a policy that is held with everything that it inherits from and who signed it all.</summary>
    public Result<SignedChain> Resolve(string policyHash)
    {
        var held = Held;
        if (!held.TryGetValue(policyHash, out var policy))
        {
            return Result.Invalid<SignedChain>("", $"the policy `{policyHash}` is not held here");
        }

        var resolved = PolicyChain.Resolve(policy.Policy, hash => held.GetValueOrDefault(hash)?.Policy);
        return resolved.TryGet(out var chain)
            ? Result.Valid(new SignedChain(chain, [.. chain.Links.Select(link => held[link.PolicyHash].SignerKeyId).Distinct(StringComparer.Ordinal)]))
            : Result.Invalid<SignedChain>(resolved.Faults);
    }

    /// <summary>Holds a policy for the first time.</summary>
    /// <exception cref="LedgerException">It may not be taken as held.</exception>
    public async Task<HeldPolicy> AddAsync(SignedPolicy signed, ReadOnlyMemory<byte> envelope, DateTimeOffset now)
    {
        var document = new DocumentRecord { DocumentType = DocumentRecord.Policy, Hash = signed.Policy.PolicyHash, RecordedAt = now, Text = envelope };
        await _ledger.KeepDocumentAsync(document, CancellationToken.None);
        return Hold(new HeldPolicy(signed, envelope, now));
    }

    /// <summary>Puts another envelope in the place of the one of a policy that is held.</summary>
    /// <exception cref="LedgerException">It may not be taken as held.</exception>
    public async Task<HeldPolicy> ReplaceAsync(HeldPolicy known, SignedPolicy signed, ReadOnlyMemory<byte> envelope, DateTimeOffset now)
    {
        var document = new DocumentRecord { DocumentType = DocumentRecord.PolicyEnvelope, Hash = Sha256.B64u(envelope.Span), RecordedAt = now, Text = envelope };
        await _ledger.Policies.KeepEnvelopeAsync(known.Policy.PolicyHash, document, CancellationToken.None);
        return Hold(new HeldPolicy(signed, envelope, known.HeldSince));
    }

    private static string SignerOf(DocumentRecord document) =>
        Core.Json.JsonReader.Parse(document.Text.Span, PolicyEnvelopeReader.SizeMaxBytes).TryGet(out var envelope) ? envelope.FindText("signer_did") ?? "" : "";

    private HeldPolicy Hold(HeldPolicy policy)
    {
        var since = Find(policy.Policy.PolicyHash)?.HeldSince ?? policy.HeldSince;
        var held = since == policy.HeldSince ? policy : new HeldPolicy(new SignedPolicy(policy.Policy, policy.SignerDid), policy.EnvelopeJson, since);
        Volatile.Write(ref _held, Held.SetItem(held.Policy.PolicyHash, held));
        return held;
    }
}
