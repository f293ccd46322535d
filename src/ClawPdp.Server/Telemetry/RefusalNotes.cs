namespace ClawPdp.Server.Telemetry;

/// <summary>What a request that is refused carries through the pipeline: by which code it is, and that it is counted.</summary>
internal static class RefusalNotes
{
    private static readonly object CodeItem = new();
    private static readonly object CountedItem = new();

    /// <summary>Says by which code a request is refused, one of our own words.</summary>
    public static void Say(HttpContext context, string code) => context.Items[CodeItem] = code;

    /// <summary>Gives the code; <see langword="null"/> where none was said.</summary>
    public static string? CodeOf(HttpContext context) => context.Items.TryGetValue(CodeItem, out var code) ? code as string : null;

    /// <summary>Notes that a request is counted, as a refusal or as a decision, so that its status is not counted once more.</summary>
    public static void MarkCounted(HttpContext context) => context.Items[CountedItem] = CountedItem;

    /// <summary>Tells whether it is counted.</summary>
    public static bool IsCounted(HttpContext context) => context.Items.ContainsKey(CountedItem);
}
