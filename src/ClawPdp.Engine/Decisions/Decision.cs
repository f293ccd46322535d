using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;
using ClawPdp.Engine.Approvals;
using ClawPdp.Engine.Policies;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Decisions;

/// <summary>The answer to a <see cref="Question"/>. The default denies.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Decision
{
    private readonly string? _words;

    /// <summary>Makes a denial without a reason.</summary>
    public Decision()
    {
    }

    /// <summary>Gets the answer; everything but <see cref="Effect.Allow"/> is a denial.</summary>
    public required Effect Effect { get; init; }

    /// <summary>Gets the reason: the first check that failed, or <see cref="ReasonCode.Allowed"/>.</summary>
    public required ReasonCode Reason { get; init; }

    /// <summary>Gets a sentence for a human; never a token, key or other secret.</summary>
    public required string Message
    {
        get => Refusal.Sentence(_words ?? "", MessageName);
        init => (_words, MessageName) = (value, null);
    }

    /// <summary>Gets the message but for <see cref="MessageName"/>, for who puts it together without making a text of it.</summary>
    public string MessageWords => _words ?? "";

    /// <summary>Gets the name that ends the message, in backticks after a space; <see langword="null"/> for none.</summary>
    public string? MessageName { get; private init; }

    /// <summary>Gets which part of the question was denied.</summary>
    public Dimension Dimension { get; init; }

    /// <summary>Gets the token, once its signature held; <see langword="null"/> before that.</summary>
    public VerifiedToken? Token { get; init; }

    /// <summary>Gets the token where nothing says that it is a copy in other hands than its holder's; a copy is no better than none.</summary>
    public VerifiedToken? HeldToken => Reason is ReasonCode.TokenProofRequired or ReasonCode.TokenProofInvalid ? null : Token;

    /// <summary>Gets the policy that decided, with what it inherits from; <see langword="null"/> when there was none, or before it was chosen.</summary>
    public PolicyChain? Chain => SignedChain?.Chain;

    /// <summary>Gets that chain with its signers, to look once more whether it is revoked.</summary>
    public SignedChain? SignedChain { get; init; }

    /// <summary>Gets the policy that decided; <see langword="null"/> when there was none.</summary>
    public WorkPolicyContract? Policy => Chain?.Policy;

    /// <summary>Gets the ids of the policy statements that decided, in policy order.</summary>
    public ImmutableArray<string> StatementIds { get; init; } = [];

    /// <summary>Gets the human approval that an allow rests on. It counts once: the allow is good only when it is recorded as used up.</summary>
    public VerifiedApproval? Approval { get; init; }

    /// <summary>Gets a value indicating whether the policy was asked on the grounds of an earlier decision, instead of as of now.</summary>
    public bool OnGrounds { get; init; }

    /// <summary>Gets what a human would have to approve to get an allow; <see langword="null"/> when that would not help.</summary>
    public ApprovalRequirement? Requirement { get; init; }

    /// <summary>Gets what the candidate would have answered; <see langword="null"/> when none was asked.</summary>
    public ShadowVerdict? Shadow { get; init; }

    /// <summary>Gets until when a caller may reuse the answer while the epoch stands still; <see langword="null"/> means not at all.</summary>
    public DateTimeOffset? CacheableUntil { get; init; }

    /// <summary>Gets how old the view of the revocations was; zero for one's own.</summary>
    public TimeSpan RevocationViewAge { get; init; }

    /// <summary>Gets the epoch the answer belongs to.</summary>
    public required long Epoch { get; init; }

    /// <summary>Gives the denial of this draft by a check.</summary>
    internal Decision RefusedBy(in Refusal refusal) =>
        this with { Effect = Effect.Deny, Reason = refusal.Reason, Dimension = refusal.Dimension, Message = refusal.Words, MessageName = refusal.Name };
}
