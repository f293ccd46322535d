namespace ClawPdp.Server.Cli;

/// <summary>What the process says to its caller when it ends (sysexits.h where it has a fitting code).</summary>
internal static class ExitCodes
{
    /// <summary>All went well, and every verdict asked for is good.</summary>
    public const int Ok = 0;

    /// <summary>The command did its work, and the verdict is bad: not valid, not verified, an expectation not held.</summary>
    public const int BadVerdict = 1;

    /// <summary>The command line is wrong (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>An input cannot be read or is malformed (EX_DATAERR).</summary>
    public const int BadInput = 65;

    /// <summary>The sidecar could not start or go on (EX_SOFTWARE).</summary>
    public const int Failure = 70;

    /// <summary>The sidecar stopped before all that was under way was done (EX_TEMPFAIL); nothing that it acknowledged is lost.</summary>
    public const int Unfinished = 75;

    /// <summary>The configuration is wrong (EX_CONFIG).</summary>
    public const int BadConfiguration = 78;
}
