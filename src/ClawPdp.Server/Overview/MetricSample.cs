namespace ClawPdp.Server.Overview;

/// <summary>One number as it stands in the text.</summary>
/// <param name="Name">The name with its ending.</param>
/// <param name="Labels">The labels.</param>
/// <param name="Value">The number.</param>
internal sealed record MetricSample(string Name, IReadOnlyList<(string Name, string Value)> Labels, double Value)
{
    /// <summary>Gives the value of a label; empty when it is not there.</summary>
    public string Label(string name) => Labels.FirstOrDefault(label => string.Equals(label.Name, name, StringComparison.Ordinal)).Value ?? "";

    /// <summary>Tells whether a label has a value.</summary>
    public bool Has(string name, string value) => string.Equals(Label(name), value, StringComparison.Ordinal);
}
