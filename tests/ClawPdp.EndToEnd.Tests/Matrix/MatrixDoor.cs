namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>A column: who asks, and how.</summary>
/// <param name="Name">What the page calls it.</param>
/// <param name="Asked">The faults that it can notice.</param>
/// <param name="AskAsync">Asks; gives one of the words below where it is granted, and otherwise what the caller gets to know.</param>
internal sealed record MatrixDoor(string Name, FaultKinds Asked, Func<MatrixPlace, Task<string>> AskAsync)
{
    /// <summary>What an allow is called.</summary>
    public const string Allowed = "ALLOWED";

    /// <summary>What a token that was given out is called.</summary>
    public const string Issued = "ISSUED";

    /// <summary>What the word that a token is good is called.</summary>
    public const string Active = "active";

    /// <summary>What the word that a token is good for nothing is called.</summary>
    public const string Inactive = "inactive";

    /// <summary>What silence is called.</summary>
    public const string Silence = "no answer in time";

    /// <summary>The faults that a question about an action can notice.</summary>
    public const FaultKinds OfDecisions = FaultKinds.Nothing | FaultKinds.Disk | FaultKinds.Clock | FaultKinds.Token | FaultKinds.Holder | FaultKinds.Process;

    /// <summary>The faults that a request for a token can notice.</summary>
    public const FaultKinds OfIssuance = FaultKinds.Nothing | FaultKinds.Disk | FaultKinds.Clock | FaultKinds.Process | FaultKinds.Provider;

    /// <summary>The faults that a question about a token can notice, of which nothing is recorded.</summary>
    public const FaultKinds OfIntrospection = FaultKinds.Nothing | FaultKinds.Clock | FaultKinds.Token | FaultKinds.Process;

    /// <summary>How long the callers wait that have no limit of their own.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The tool that is asked about.</summary>
    public const string Tool = "github";

    /// <summary>Tells whether an answer grants what was asked for.</summary>
    public static bool IsGrant(string answer) => answer is Allowed or Issued or Active;
}
