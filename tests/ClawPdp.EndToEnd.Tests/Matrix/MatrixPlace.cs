namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>What a caller knows: where to ask, and what to show.</summary>
internal sealed class MatrixPlace
{
    private readonly string _folder;
    private readonly string _name;

    /// <param name="clients">The programs that ask in other languages.</param>
    /// <param name="folder">Where its files lie.</param>
    /// <param name="name">How its files' names begin.</param>
    public MatrixPlace(MatrixClients clients, string folder, string name = "")
    {
        Clients = clients;
        _folder = folder;
        _name = name;
    }

    /// <summary>Gets the programs that ask in other languages.</summary>
    public MatrixClients Clients { get; }

    /// <summary>Gets or sets host and port where callers ask for gRPC.</summary>
    public string Grpc { get; set; } = "";

    /// <summary>Gets or sets host and port where callers ask by HTTP.</summary>
    public string Http { get; set; } = "";

    /// <summary>Gets or sets the token that callers show.</summary>
    public string Token { get; set; } = "";

    /// <summary>Gets or sets the ID token that callers show.</summary>
    public string IdToken { get; set; } = "";

    /// <summary>Gets or sets a stream of questions that was opened before anything broke.</summary>
    public OpenStream? Stream { get; set; }

    /// <summary>Gets or sets a guard that was started before anything broke.</summary>
    public GuardedServer? Guard { get; set; }

    /// <summary>Gets or sets what the clients are told to do where the fault is on their side.</summary>
    public string Verb { get; set; } = "";

    /// <summary>Gets or sets host and port of somebody with a certificate that nobody trusts.</summary>
    public string Stranger { get; set; } = "";

    /// <summary>Gets the file with the token.</summary>
    public string TokenPath => Path.Combine(_folder, _name + "cst");

    /// <summary>Gets the file with the ID token.</summary>
    public string IdTokenPath => Path.Combine(_folder, _name + "id-token");

    /// <summary>Gets the file of the calls that reached the guarded server.</summary>
    public string CallsPath => Path.Combine(_folder, _name + "calls");

    /// <summary>Writes the tokens of this moment into their files, each at once: a client may read it just now.</summary>
    public async Task WriteAsync()
    {
        foreach (var (path, text) in new[] { (TokenPath, Token), (IdTokenPath, IdToken) })
        {
            await File.WriteAllTextAsync(path + ".new", text);
            File.Move(path + ".new", path, overwrite: true);
        }
    }
}
