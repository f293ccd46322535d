namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>A language that has a client.</summary>
internal enum MatrixLanguage
{
    /// <summary>Python.</summary>
    Python,

    /// <summary>TypeScript.</summary>
    TypeScript,

    /// <summary>Go.</summary>
    Go,
}
