namespace ClawPdp.TransparencyLog;

/// <summary>
/// Remembers, outside the log's own files, what was signed last. A log that signs two roots for one size has lied: what is to be signed
/// is on disk here before it is signed.
/// </summary>
public interface ISignedHeadStore
{
    /// <summary>Gives what was kept last; <see langword="null"/> when nothing ever was.</summary>
    SignedHead? Load();

    /// <summary>Keeps a head: it is on disk when this returns.</summary>
    /// <exception cref="IOException">It could not be kept; nothing may be signed.</exception>
    void Save(SignedHead head);
}
