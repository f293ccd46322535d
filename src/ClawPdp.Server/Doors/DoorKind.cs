using ClawPdp.Core.Json;

namespace ClawPdp.Server.Doors;

/// <summary>A door by its name in the configuration, and how its settings are read.</summary>
/// <param name="Name">The member of <c>doors</c> that holds its settings; <c>null</c> there shuts the door.</param>
/// <param name="Read">
/// Makes the door of its settings, with the directory that relative paths start from. The member is absent where the file says nothing: then the
/// door stands at its defaults, or is <see langword="null"/> where it cannot be without settings. Every fault goes to the document's.
/// </param>
internal sealed record DoorKind(string Name, Func<JsonCursor?, string, IDoor?> Read);
