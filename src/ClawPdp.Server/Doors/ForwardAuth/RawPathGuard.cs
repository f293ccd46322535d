using System.Collections.Immutable;
using ClawPdp.Server.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClawPdp.Server.Doors.ForwardAuth;

/// <summary>
/// Refuses a request whose path leaves the door that it was sent to. A proxy that appends the caller's path to the door's, as Envoy does, would
/// else let the caller choose: <c>/v1/forward-auth/NAME/../../jwks</c> is a path that anybody gets 200 for, and 200 is an allow.
/// </summary>
internal sealed class RawPathGuard : IStartupFilter
{
    private readonly ImmutableArray<string> _paths;

    public RawPathGuard(ImmutableArray<string> paths) => _paths = paths;

    /// <summary>Tells whether a request that was sent to one of the paths arrives there.</summary>
    /// <param name="rawTarget">The target as it was sent.</param>
    /// <param name="path">The path that it comes to, without dot segments.</param>
    public bool Stays(string rawTarget, string path)
    {
        foreach (var prefix in _paths)
        {
            if (IsBelow(rawTarget, prefix) && !IsBelow(path, prefix))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, proceed) =>
        {
            var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
            if (Stays(raw, context.Request.Path.Value ?? ""))
            {
                await proceed(context);
                return;
            }

            await HttpJson.RefuseAsync(context, StatusCodes.Status403Forbidden, "REQUEST_INVALID", "the path leaves the one that decides");
        });
        next(app);
    };

    private static bool IsBelow(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && (text.Length == prefix.Length || text[prefix.Length] is '/' or '?');
}
