using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Files;
using ClawPdp.Server.Callers;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp admin-token new|list|remove</c>: works on a file of admin tokens; a running sidecar takes changes up by itself.</summary>
internal static class AdminTokenCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create() => new("admin-token", "Work with the tokens that admin calls need on some listeners") { New(), List(), Remove() };

    /// <summary>Makes a token and keeps its hash.</summary>
    /// <param name="file">The file; made where there is none.</param>
    /// <param name="name">The token's name.</param>
    /// <param name="expiresAt">When it ends; <see langword="null"/> for never.</param>
    /// <returns>The token's text.</returns>
    /// <exception cref="InputException">The name is none, or taken, or the file cannot be used.</exception>
    public static string Make(string file, string name, DateTimeOffset? expiresAt)
    {
        if (!AdminTokenFile.IsName(name))
        {
            throw new InputException($"--name: 1 to {AdminTokenFile.NameLengthMax} letters, digits, `-`, `_`, `.` and `@`");
        }

        var tokens = Read(file, isNewAllowed: true);
        if (tokens.Any(token => string.Equals(token.Name, name, StringComparison.Ordinal)))
        {
            throw new InputException($"--name: there is a token `{name}` already");
        }

        var text = AdminTokenFile.NewToken();
        var made = new AdminToken(name, SHA256.HashData(Encoding.UTF8.GetBytes(text)), expiresAt);
        DurableFile.Write(PathOf(file), AdminTokenFile.Write([.. tokens, made]));
        return text;
    }

    private static Command New()
    {
        var file = TokenFile();
        var name = NameOption("whom it is for: it stands in the records of admin acts");
        var expires = new Option<string?>("--expires") { Description = "when it ends, such as 2027-01-01T00:00:00Z; never when absent", HelpName = "INSTANT" };
        var json = CommonOptions.Json();
        var command = new Command("new", "Make a token and print it, once: the file keeps its hash alone") { file, name, expires, json };
        command.SetAction(parsed =>
        {
            var given = parsed.GetValue(name) ?? "";
            var text = Make(parsed.GetValue(file) ?? "", given, ReadEnd(parsed.GetValue(expires)));
            if (parsed.GetValue(json))
            {
                Output.Json(new JsonObjectBuilder().Add("name", given).Add("token", text).Build());
            }
            else
            {
                Output.Line(text);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command List()
    {
        var file = TokenFile();
        var json = CommonOptions.Json();
        var command = new Command("list", "List the tokens by their names") { file, json };
        command.SetAction(parsed =>
        {
            foreach (var token in Read(parsed.GetValue(file) ?? "", isNewAllowed: false))
            {
                var end = token.ExpiresAt is { } instant ? Rfc3339.Format(instant) : null;
                if (parsed.GetValue(json))
                {
                    Output.Json(new JsonObjectBuilder().Add("name", token.Name).AddIfPresent("expires_at", end).Build());
                }
                else
                {
                    Output.Line($"{token.Name}  {end ?? "without end"}");
                }
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Remove()
    {
        var file = TokenFile();
        var name = NameOption("the token");
        var command = new Command("remove", "Take a token away: from the next look at the file on, it does not count") { file, name };
        command.SetAction(parsed =>
        {
            var tokens = Read(parsed.GetValue(file) ?? "", isNewAllowed: false);
            var left = tokens.Where(token => !string.Equals(token.Name, parsed.GetValue(name), StringComparison.Ordinal)).ToList();
            if (left.Count == tokens.Count)
            {
                throw new InputException($"--name: there is no token `{parsed.GetValue(name)}`");
            }

            DurableFile.Write(PathOf(parsed.GetValue(file)), AdminTokenFile.Write(left));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Option<string> TokenFile() => new("--file") { Description = "the file of the listener's `admin_tokens_file`", HelpName = "FILE", Required = true };

    private static Option<string> NameOption(string description) => new("--name") { Description = description, HelpName = "NAME", Required = true };

    private static string PathOf(string? file) => Path.GetFullPath(file ?? "");

    private static IReadOnlyList<AdminToken> Read(string file, bool isNewAllowed) =>
        isNewAllowed && !File.Exists(file) ? [] : Input.Require(file, AdminTokenFile.Read(Input.Read(file, AdminTokenFile.SizeMaxBytes)));

    private static DateTimeOffset? ReadEnd(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return Rfc3339.TryParse(text, out var end) ? end : throw new InputException($"--expires: `{text}` is no instant such as 2027-01-01T00:00:00Z");
    }
}
