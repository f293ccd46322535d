namespace ClawPdp.Load.Rigs;

/// <summary>Lets the tokens of an installation live for a day, so that none expires within a measurement.</summary>
internal static class LongLife
{
    public static void Give(string folder)
    {
        Replace(Path.Combine(folder, "clawpdp.json"), "\"issuance\":{", "\"issuance\":{\"ttl_default_seconds\":86400,\"ttl_max_seconds\":86400,");
        Replace(Path.Combine(folder, "scope-mapping.json"), "\"max_ttl_seconds\":3600", "\"max_ttl_seconds\":86400");
    }

    private static void Replace(string path, string before, string after)
    {
        var text = File.ReadAllText(path);
        var changed = text.Replace(before, after, StringComparison.Ordinal);
        if (string.Equals(text, changed, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"`{path}` has no `{before}`");
        }

        File.WriteAllText(path, changed);
    }
}
