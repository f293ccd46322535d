namespace ClawPdp.Bench.Calls;

/// <summary>Makes and checks one kind of call.</summary>
internal interface ICalls : IAsyncDisposable
{
    /// <summary>Opens what the calls need, such as streams.</summary>
    Task OpenAsync();

    /// <summary>Makes a call, and checks what comes back. Throws nothing that the other side can cause.</summary>
    /// <param name="slot">Whose call it is: no slot has two at once.</param>
    /// <param name="sequence">The call's number.</param>
    ValueTask<CallOutcome> CallAsync(int slot, long sequence);
}
