using System.Text;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Json;
using ClawPdp.Ledger;
using ClawPdp.Server.Grpc;

namespace ClawPdp.Server.Callers;

/// <summary>
/// Records admin acts: who asked for what, and why, is on disk before anything is done; what cannot be recorded is not done. An act that is refused
/// leaves a refusal that names it.
/// </summary>
internal sealed class AdminActs
{
    /// <summary>The header for why, where the request has no field for it.</summary>
    public const string ReasonHeader = "x-clawpdp-reason";

    private readonly LedgerStore _ledger;
    private readonly TimeProvider _time;
    private readonly ILogger<AdminActs> _logger;

    public AdminActs(LedgerStore ledger, TimeProvider time, ILogger<AdminActs> logger)
    {
        _ledger = ledger;
        _time = time;
        _logger = logger;
    }

    /// <summary>Records an act and does it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="operation">The method.</param>
    /// <param name="target">What it is about; empty for nothing that has a name.</param>
    /// <param name="reason">Why; empty stands for what <see cref="ReasonHeader"/> says.</param>
    /// <param name="act">Does it.</param>
    /// <param name="refusalOf">Gives the reason of an answer that refuses; <see cref="ReasonCode.Unspecified"/> for one that does not.</param>
    /// <exception cref="LedgerException">It could not be recorded, and is not done; or it was refused, and that could not be recorded.</exception>
    public async Task<T> RunAsync<T>(HttpContext context, string operation, string target, string reason, Func<Task<T>> act, Func<T, ReasonCode> refusalOf)
    {
        // Whoever goes away does not keep it from being recorded.
        var record = AdminIdentity.Of(context).Record(operation, target, reason.Length > 0 ? reason : ReasonOf(context), _time.GetUtcNow());
        await _ledger.AppendActAsync(record, CancellationToken.None);
        var outcome = await act();
        if (refusalOf(outcome) is var refused and not ReasonCode.Unspecified)
        {
            await _ledger.AppendRefusalAsync(
                new RefusalRecord
                {
                    RefusedAt = _time.GetUtcNow(),
                    Operation = operation,
                    ReasonCode = ReasonCatalog.NameOf(refused),
                    DetailsJson = Encoding.UTF8.GetString(JsonWriter.WriteCanonical(new JsonObjectBuilder().Add("act_id", record.ActId).Build())),
                    TraceParent = record.TraceParent,
                    TraceState = record.TraceState,
                },
                CancellationToken.None);
        }

        return outcome;
    }

    /// <summary>Records an act that changed nothing more, such as a second revocation: that it holds does not depend on the record.</summary>
    public async Task NoteAsync(AdminIdentity identity, string operation, string target, string reason)
    {
        try
        {
            await _ledger.AppendActAsync(identity.Record(operation, target, reason, _time.GetUtcNow()), CancellationToken.None);
        }
        catch (LedgerException failure)
        {
            Log.LedgerFailed(_logger, operation, failure.Fault.ToString());
        }
    }

    private static string ReasonOf(HttpContext context)
    {
        var text = context.Request.Headers[ReasonHeader].ToString();
        return text.Length <= RequestLimits.ReasonMax ? text : text[..RequestLimits.ReasonMax];
    }
}
