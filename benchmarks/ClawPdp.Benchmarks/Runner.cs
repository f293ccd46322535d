using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace ClawPdp.Benchmarks;

/// <summary>Runs what the command line asks for.</summary>
internal static class Runner
{
    // Short runs in this very process: a project that BenchmarkDotNet generates inside the repository would have to obey its build rules.
    // More exact, for one question: --filter '*WarmDecision*' --warmupCount 10 --iterationCount 20
    private static void Main(string[] args)
    {
        var config = ManualConfig.CreateEmpty()
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddJob(Job.ShortRun.WithIterationTime(TimeInterval.FromMilliseconds(200)).WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddExporter(MarkdownExporter.GitHub, JsonExporter.BriefCompressed)
            .WithOptions(ConfigOptions.DisableLogFile);
        BenchmarkSwitcher.FromAssembly(typeof(Runner).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args, config);
    }
}
