namespace ClawPdp.Bench.Results;

/// <summary>One figure of a comparison.</summary>
/// <param name="Name">Its name.</param>
/// <param name="A">Side A's; absent where it has no good call.</param>
/// <param name="B">Side B's, likewise.</param>
/// <param name="Ratio">B to A; absent where one is.</param>
/// <param name="Low">The 95 % interval's lower end; absent where nothing is known about it.</param>
/// <param name="High">Its upper end, likewise.</param>
public sealed record RatioReport(string Name, double? A, double? B, double? Ratio, double? Low, double? High);
