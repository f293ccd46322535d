using System.Text;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Http;

/// <summary>
/// Serves the metrics as text: <c>GET /metrics</c>. Whoever accepts OpenMetrics gets it, with exemplars. There is no token, key, user, tool
/// or host in them.
/// </summary>
internal static class MetricsEndpoint
{
    private const string OpenMetrics = "application/openmetrics-text";

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", static async context =>
    {
        var catalog = context.RequestServices.GetRequiredService<MetricCatalog>();
        var isOpenMetrics = context.Request.Headers.Accept.ToString().Contains(OpenMetrics, StringComparison.OrdinalIgnoreCase);
        var body = Encoding.UTF8.GetBytes(MetricsText.Write(catalog.Metrics, isOpenMetrics));
        context.Response.ContentType = isOpenMetrics ? MetricsText.OpenMetricsType : MetricsText.PlainType;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }).OnPlane(Plane.Metrics);
}
