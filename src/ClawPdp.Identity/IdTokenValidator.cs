using System.Buffers.Text;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using ClawPdp.Identity.Keys;
using ClawPdp.Identity.Tokens;
using Microsoft.Extensions.Logging;

namespace ClawPdp.Identity;

/// <summary>
/// Checks ID tokens (OpenID Connect Core 1.0 section 3.1.3.7) and identity assertions of the configured issuers. The
/// first check that fails gives the reason, in this order: form and header, algorithm, issuer, keys and key id,
/// signature, audience, authorized party or client, expiry, start of validity, time of issue and age, subject, groups,
/// what an assertion says besides.
/// </summary>
public sealed class IdTokenValidator
{
    private readonly FrozenDictionary<string, IssuerKeySource> _sources;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<IdTokenValidator> _logger;
    private readonly SecondOpinion _secondOpinion;

    /// <summary>Checks against the given issuers, which stay the caller's to run and to dispose of.</summary>
    /// <exception cref="ArgumentException">There is no issuer, or two have the same <c>iss</c>.</exception>
    public IdTokenValidator(
        IReadOnlyCollection<IssuerKeySource> sources, TimeProvider timeProvider, ILogger<IdTokenValidator> logger)
    {
        if (sources.Count == 0)
        {
            throw new ArgumentException("there must be an issuer", nameof(sources));
        }

        _sources = sources
            .ToDictionary(source => source.Settings.Issuer, StringComparer.Ordinal)
            .ToFrozenDictionary(StringComparer.Ordinal);
        _timeProvider = timeProvider;
        _logger = logger;
        _secondOpinion = new SecondOpinion(logger);
    }

    /// <summary>
    /// Checks one token; may wait for one fetch of the issuer's keys, at most the issuer's fetch timeout.
    /// </summary>
    /// <param name="idToken">The compact form, at most 16,384 characters; <see langword="null"/> and empty are
    /// refused.</param>
    /// <param name="cancellationToken">Ends the wait; a fetch that others wait for too goes on.</param>
    /// <returns>A <see cref="VerifiedIdentity"/> or an <see cref="IdentityRefusal"/>.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<IdentityResult> ValidateAsync(string? idToken, CancellationToken cancellationToken) =>
        ValidateAsync(idToken, IdTokenProfile.Only, cancellationToken);

    /// <summary>
    /// Checks one identity assertion (ID-JAG) as an ID token is checked, but for what sets it apart: its type, whom it is
    /// for, its id. Whether it was used before is not looked at.
    /// </summary>
    /// <param name="assertion">The compact form, at most 16,384 characters; <see langword="null"/> and empty are
    /// refused.</param>
    /// <param name="expected">Who it has to be for.</param>
    /// <param name="cancellationToken">Ends the wait; a fetch that others wait for too goes on.</param>
    /// <returns>A <see cref="VerifiedAssertion"/> or an <see cref="IdentityRefusal"/>.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<IdentityResult> ValidateAssertionAsync(
        string? assertion, AssertionExpectation expected, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(expected);
        return ValidateAsync(assertion, new AssertionProfile(expected), cancellationToken);
    }

    private async Task<IdentityResult> ValidateAsync(string? text, ITokenProfile profile, CancellationToken cancellationToken)
    {
        try
        {
            return await CheckAsync(text, profile, cancellationToken);
        }
        catch (Exception exception)
            when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The message may quote the token, so only the type is told.
            Log.CheckNotFinished(_logger, exception.GetType().Name);
            return new IdentityRefusal(IdentityFailure.InternalError, "the ID token could not be checked");
        }
    }

    private async Task<IdentityResult> CheckAsync(string? text, ITokenProfile profile, CancellationToken cancellationToken)
    {
        var refusal = TokenReader.Read(text, profile, out var token);
        if (token is null)
        {
            return refusal ?? new IdentityRefusal(IdentityFailure.InternalError, "the ID token could not be read");
        }

        if (!StrictJson.TryGetString(token.Claims, ClaimNames.Issuer, out var issuer)
            || !_sources.TryGetValue(issuer, out var source))
        {
            return new IdentityRefusal(IdentityFailure.IdTokenIssuerUnknown, "the issuer is not a configured one");
        }

        var lookup = await FindKeyAsync(token, source, cancellationToken);
        if (lookup.Key is not { } key)
        {
            return lookup.Refusal ?? new IdentityRefusal(IdentityFailure.InternalError, "no key was looked up");
        }

        var now = _timeProvider.GetUtcNow();
        var result = SignatureCheck.Check(token, key) ?? ReadClaims(token, source.Settings, profile, now);
        return result is IdentityRefusal
            ? result
            : await _secondOpinion.AskAsync(token, key, source.Settings, profile, now) ?? result;
    }

    private static async Task<KeyLookup> FindKeyAsync(
        UntrustedToken token, IssuerKeySource source, CancellationToken cancellationToken)
    {
        if (!source.Settings.Algorithms.Contains(token.Algorithm, StringComparer.Ordinal))
        {
            return KeyLookup.Refused(
                IdentityFailure.IdTokenUnsupportedAlg, "the algorithm is not on the issuer's allow-list");
        }

        // No guess at the only key: which key is meant must not change when the issuer adds one.
        return token.KeyId.Length == 0
            ? KeyLookup.Refused(IdentityFailure.IdTokenUnknownKid, "the header has no key id")
            : await source.FindAsync(token.KeyId, token.Algorithm, cancellationToken);
    }

    private static IdentityResult ReadClaims(UntrustedToken token, IssuerSettings settings, ITokenProfile profile, DateTimeOffset now)
    {
        var claims = token.Claims;
        var refusal = profile.CheckParties(claims, settings, out var clientId);
        if (refusal is not null)
        {
            return refusal;
        }

        refusal = LifetimeCheck.Check(claims, settings, now, out var issuedAt, out var expiresAt);
        if (refusal is not null)
        {
            return refusal;
        }

        refusal = SubjectCheck.Check(claims, out var subject);
        if (refusal is not null)
        {
            return refusal;
        }

        refusal = GroupsReader.Read(claims, settings, out var groups);
        if (refusal is not null)
        {
            return refusal;
        }

        var identity = new VerifiedIdentity
        {
            Issuer = settings.Issuer,
            Subject = subject,
            ClientId = clientId,
            Groups = groups,
            IssuedAt = issuedAt,
            ExpiresAt = expiresAt,
            TokenHashB64u = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token.Text))),
            KeyId = token.KeyId,
        };
        return profile.Finish(identity, claims);
    }
}
