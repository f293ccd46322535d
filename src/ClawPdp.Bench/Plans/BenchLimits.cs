namespace ClawPdp.Bench.Plans;

/// <summary>The hard bounds of a run: no option goes past them.</summary>
public static class BenchLimits
{
    /// <summary>The most calls a second that can be asked for.</summary>
    public const double RateMax = 1_000_000;

    /// <summary>The most calls of a run.</summary>
    public const long CountMax = 100_000_000;

    /// <summary>The longest measured part, in seconds.</summary>
    public const double SecondsMax = 3_600;

    /// <summary>The measured part, in seconds, where neither time nor count is given.</summary>
    public const double SecondsDefault = 10;

    /// <summary>The shortest measured part, in seconds.</summary>
    public const double SecondsMin = 0.1;

    /// <summary>The longest warm-up, in seconds.</summary>
    public const double WarmUpMax = 600;

    /// <summary>The most connections.</summary>
    public const int ConnectionsMax = 1_024;

    /// <summary>The most callers.</summary>
    public const int CallersMax = 4_096;

    /// <summary>The most calls under way on one connection: more the library would queue by itself, unseen.</summary>
    public const int CallersPerConnectionMax = 100;

    /// <summary>The most questions of a batch, as the protocol has it.</summary>
    public const int BatchMax = 256;

    /// <summary>The most questions under way on one stream.</summary>
    public const int InFlightMax = 1_024;

    /// <summary>The most tokens.</summary>
    public const int TokensMax = 100_000;

    /// <summary>The most tokens that the tool has issued itself.</summary>
    public const int IssueMax = 10_000;

    /// <summary>The longest token, in bytes, as the protocol has it.</summary>
    public const int TokenLengthMax = 16_384;

    /// <summary>The largest file of tokens, in bytes.</summary>
    public const int TokensFileMaxBytes = 256 * 1024 * 1024;

    /// <summary>The largest message that is sent or read, in bytes.</summary>
    public const int MessageMaxBytes = 4 * 1024 * 1024;

    /// <summary>How many parts of time a run is kept in.</summary>
    public const int SliceCount = 20;

    /// <summary>The longest label, in characters.</summary>
    public const int LabelLengthMax = 128;

    /// <summary>How long one call may take.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);
}
