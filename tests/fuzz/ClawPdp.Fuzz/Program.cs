using ClawPdp.Fuzz;
using SharpFuzz;

// GROUP: fuzzed by AFL. GROUP replay FILE...: each file once, as a debugger or a test would.
if (args.Length == 0 || !FuzzGroups.Names.Contains(args[0], StringComparer.Ordinal))
{
    Console.Error.WriteLine($"usage: ClawPdp.Fuzz GROUP [replay FILE...], where GROUP is one of {string.Join(", ", FuzzGroups.Names)}");
    return 64;
}

if (args.Length == 1)
{
    Fuzzer.Run(stream =>
    {
        using var input = new MemoryStream();
        stream.CopyTo(input);
        FuzzGroups.Find(args[0])?.Run(input.ToArray());
    });
    return 0;
}

foreach (var path in args.Skip(2))
{
    Console.WriteLine(path);
    FuzzGroups.Find(args[0])?.Run(File.ReadAllBytes(path));
}

return 0;
