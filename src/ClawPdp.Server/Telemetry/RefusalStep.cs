namespace ClawPdp.Server.Telemetry;

/// <summary>
/// Stands before the whole pipeline and counts what leaves it with a status of HTTP that refuses. So whoever adds a door does not have to think of it.
/// </summary>
internal sealed class RefusalStep : IStartupFilter
{
    private readonly RefusalMeter _meter;

    public RefusalStep(RefusalMeter meter) => _meter = meter;

    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, proceed) =>
        {
            await proceed(context);
            if (context.Response.StatusCode is >= StatusCodes.Status400BadRequest and not StatusCodes.Status499ClientClosedRequest)
            {
                Count(context);
            }
        });
        next(app);
    };

    private void Count(HttpContext context)
    {
        if (RefusalNotes.IsCounted(context))
        {
            return;
        }

        if (RefusalNotes.CodeOf(context) is { } code)
        {
            _meter.Count(code);
        }
        else
        {
            _meter.CountHttp(context.Response.StatusCode);
        }
    }
}
