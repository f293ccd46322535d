namespace ClawPdp.Engine.Decisions;

/// <summary>Which part of a question a denial is about.</summary>
public enum Dimension
{
    /// <summary>The question as a whole.</summary>
    Unspecified = 0,

    /// <summary>The tool.</summary>
    Tool = 1,

    /// <summary>The model.</summary>
    Model = 2,

    /// <summary>The destination host.</summary>
    Host = 3,

    /// <summary>The model's provider.</summary>
    Provider = 4,
}
