namespace ClawPdp.Bench.Statistics;

/// <summary>Student's distribution.</summary>
internal static class StudentT
{
    // The 97.5th percentile for 1 to 30 degrees of freedom.
    private static readonly double[] Table =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
        2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
        2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];

    /// <summary>Gives how many standard errors a 95 % interval reaches to either side.</summary>
    /// <param name="degrees">The degrees of freedom: at least 1.</param>
    public static double Reach95(int degrees) => degrees <= Table.Length ? Table[degrees - 1] : 1.96 + (2.45 / degrees);
}
