namespace ClawPdp.Server.Doctor;

/// <summary>What was found of one thing. It never holds a secret.</summary>
/// <param name="State">How it is.</param>
/// <param name="Check">What was looked at.</param>
/// <param name="Message">What was found.</param>
/// <param name="Remedy">What to do about it; empty where nothing is to be done.</param>
internal sealed record Finding(FindingState State, string Check, string Message, string Remedy)
{
    /// <summary>Makes the finding that all is well.</summary>
    public static Finding Ok(string check, string message) => new(FindingState.Ok, check, message, "");

    /// <summary>Makes a warning.</summary>
    public static Finding Warn(string check, string message, string remedy) => new(FindingState.Warning, check, message, remedy);

    /// <summary>Makes a fault.</summary>
    public static Finding Wrong(string check, string message, string remedy) => new(FindingState.Fault, check, message, remedy);
}
