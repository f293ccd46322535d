namespace ClawPdp.Server.Grpc;

/// <summary>The limits that the protos document; all in bytes of UTF-8 unless the name says otherwise.</summary>
internal static class RequestLimits
{
    public const int CstMax = 16_384;
    public const int IdTokenMax = 32_768;
    public const int DidMax = 256;
    public const int AudienceCountMax = 16;
    public const int AudienceMax = 256;
    public const int NarrowingCountMax = 64;
    public const int NarrowingItemMax = 128;
    public const int MissionMax = 128;
    public const int GroupMax = 256;
    public const int PolicyHashMax = 128;
    public const int ToolMax = 256;
    public const int ModelMax = 256;
    public const int HostMax = 512;
    public const int ProviderMax = 64;
    public const int IdentifierMax = 128;
    public const int BundleCountMax = 10_000;
    public const int EventTypeMax = 64;
    public const int TimestampMax = 64;
    public const int DecisionIdMax = 64;
    public const int ContextCountMax = 32;
    public const int ContextKeyMax = 128;
    public const int ContextValueMax = 512;
    public const int ApprovalCountMax = 8;
    public const int ApprovalMax = 16_384;
    public const int SampleIntervalMax = 1_000_000;
    public const int BatchCountMax = 256;
    public const int CandidateCountMax = 1024;
    public const int ReasonMax = 256;
    public const int TargetMax = 4_096;
    public const int VersionMax = 128;
    public const int EnvelopeMax = 65_536;
    public const int PolicyEnvelopeMax = 1_048_576;
    public const int OverlapMaxSeconds = 86_400;
    public const int TrustedSignerCountMax = 64;
    public const int PageSizeMax = 200;
    public const int PageSizeDefault = 50;
    public const int PageTokenMax = 256;
    public const int HashLength = 43;

    /// <summary>The largest message that is taken.</summary>
    public const int MessageMax = 4 * 1024 * 1024;
}
