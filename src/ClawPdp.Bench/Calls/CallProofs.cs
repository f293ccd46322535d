using ClawPdp.Bench.Plans;

namespace ClawPdp.Bench.Calls;

/// <summary>Puts proofs of the holder's key on calls of one method: new ones for each call, as one counts for one.</summary>
internal sealed class CallProofs
{
    /// <summary>What a call counts as whose proof could not be made: it is not sent.</summary>
    public const string NotMade = "PROOF_NOT_MADE";

    private const string Header = "dpop";

    private readonly BenchHolder _holder;
    private readonly IReadOnlyList<string> _tokens;
    private readonly string _address;

    /// <summary>Initializes a new instance of the <see cref="CallProofs"/> class.</summary>
    /// <param name="holder">Who proves.</param>
    /// <param name="tokens">The tokens of the run.</param>
    /// <param name="method">The method's address.</param>
    public CallProofs(BenchHolder holder, IReadOnlyList<string> tokens, Uri method)
    {
        _holder = holder;
        _tokens = tokens;
        _address = method.AbsoluteUri;
    }

    /// <summary>Puts a proof for each token of the run on a request, in place of those of the call before.</summary>
    /// <returns>Whether all were made.</returns>
    public ValueTask<bool> PutAsync(HttpRequestMessage request) => PutAsync(request, Enumerable.Range(0, _tokens.Count));

    /// <summary>Puts a proof for each token that a call shows on a request, in place of those of the call before.</summary>
    /// <param name="request">The request.</param>
    /// <param name="tokens">The tokens' places in the run, each once.</param>
    /// <returns>Whether all were made.</returns>
    public async ValueTask<bool> PutAsync(HttpRequestMessage request, IEnumerable<int> tokens)
    {
        request.Headers.Remove(Header);
        foreach (var token in tokens)
        {
            if (await _holder.ProveAsync(_address, _tokens[token]).ConfigureAwait(false) is not { } proof)
            {
                return false;
            }

            request.Headers.TryAddWithoutValidation(Header, proof);
        }

        return true;
    }
}
