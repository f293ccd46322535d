namespace ClawPdp.Bench.Results;

/// <summary>A part of a run: the calls that were to start in it.</summary>
/// <param name="StartSeconds">When its first call was to start, from the beginning of the measured part, in seconds.</param>
/// <param name="Seconds">How long it is: to the next part's first call, or to the last answer of all.</param>
/// <param name="Errors">How many of its calls were not answered as they should.</param>
/// <param name="Histogram">The times of its good calls.</param>
public sealed record SliceReport(double StartSeconds, double Seconds, long Errors, HistogramReport Histogram);
