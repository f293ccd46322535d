using ClawPdp.Documentation;
using ClawPdp.V1;

namespace ClawPdp.EndToEnd.Tests.Doors.OAuth;

/// <summary>What docs/doors/oauth.md shows, run as it stands there: a client library that we did not write, and curl.</summary>
public sealed class OAuthClientTests
{
    [Fact]
    public async Task Page_ClientLibrary_DiscoversExchangesIntrospectsAndRevokes()
    {
        await using var sidecar = await HttpSidecar.StartAsync(DocumentedBlock.Read("docs/doors/oauth.md json 1"));
        var idToken = await sidecar.SignInAsync("alice");

        var (code, output) = await sidecar.RunScriptAsync(DocumentedBlock.Read("docs/doors/oauth.md js 1"), ("ID_TOKEN", idToken));

        Assert.True(code == 0, output);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("issued urn:ietf:params:oauth:token-type:jwt tool:github ", lines[0], StringComparison.Ordinal);
        Assert.Equal(["introspected true true tool:github", "revoked {\"active\":false}"], lines[1..]);
        Assert.DoesNotContain(sidecar.Secret, sidecar.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(idToken.Split('.')[1], sidecar.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientLibrary_Errors_AreThoseOfTheRfc()
    {
        const string Script = """
            import * as oauth from 'openid-client';
            const { PDP, ID_TOKEN, AGENT_DID, CLIENT_SECRET } = process.env;
            const grant = 'urn:ietf:params:oauth:grant-type:token-exchange';
            const type = 'urn:ietf:params:oauth:token-type:id_token';
            const configure = (authentication) => oauth.discovery(new URL(PDP), 'agent-host', undefined, authentication, {
              algorithm: 'oauth2', execute: [oauth.allowInsecureRequests],
            });
            const attempt = async (name, config, parameters) => {
              try {
                await oauth.genericGrantRequest(config, grant, parameters);
                console.log(name, 'issued');
              } catch (error) {
                console.log(name, error.error ?? error.cause?.error ?? (error.cause?.[0]?.scheme && 'challenge ' + error.cause[0].scheme) ?? error.code);
              }
            };
            const good = { subject_token: ID_TOKEN, subject_token_type: type, agent_did: AGENT_DID };
            const post = await configure(oauth.ClientSecretPost(CLIENT_SECRET));
            await attempt('post', post, good);
            await attempt('subject', post, { ...good, subject_token: 'a.b.c' });
            await attempt('scope', post, { ...good, scope: 'tool:splunk' });
            await attempt('target', post, { ...good, audience: 'elsewhere' });
            await attempt('secret', await configure(oauth.ClientSecretPost('wrong')), good);
            """;
        await using var sidecar = await HttpSidecar.StartAsync(DocumentedBlock.Read("docs/doors/oauth.md json 1"));

        var (code, output) = await sidecar.RunScriptAsync(Script, ("ID_TOKEN", await sidecar.SignInAsync("alice")));

        Assert.True(code == 0, output);
        Assert.Equal(
            ["post issued", "subject invalid_request", "scope invalid_scope", "target invalid_target"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[..4]);
        Assert.Contains("secret challenge basic", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientLibrary_WithAKeyOfItsOwn_GetsATokenThatNobodyElseCanUse()
    {
        // DPoP (RFC 9449) as a library that we did not write understands it, with the two kinds of keys.
        const string Script = """
            import * as oauth from 'openid-client';
            const { PDP, ID_TOKEN, AGENT_DID, CLIENT_SECRET } = process.env;
            const grant = 'urn:ietf:params:oauth:grant-type:token-exchange';
            // Its proofs are of whole seconds, and those of the second in which the sidecar started are not taken.
            const ahead = { [oauth.clockSkew]: 1 };
            const config = await oauth.discovery(new URL(PDP), 'agent-host', ahead, oauth.ClientSecretPost(CLIENT_SECRET), {
              algorithm: 'oauth2', execute: [oauth.allowInsecureRequests],
            });
            const question = JSON.stringify({ subject: { type: 'agent', id: AGENT_DID }, resource: { type: 'tool', id: 'github' }, action: { name: 'call' } });
            const headers = new Headers({ 'content-type': 'application/json' });
            const ask = async (name, token, options) => {
              const url = new URL(PDP + '/access/v1/evaluation');
              const answer = options
                ? await oauth.fetchProtectedResource(config, token, url, 'POST', question, headers, options)
                : await fetch(url, { method: 'POST', body: question, headers: { 'content-type': 'application/json', authorization: 'Bearer ' + token } });
              const { decision, context } = await answer.json();
              console.log(name, decision, context.reason_code);
            };
            for (const algorithm of ['ES256', 'Ed25519']) {
              const DPoP = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair(algorithm));
              const other = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair(algorithm));
              const issued = await oauth.genericGrantRequest(config, grant, {
                subject_token: ID_TOKEN, subject_token_type: 'urn:ietf:params:oauth:token-type:id_token', agent_did: AGENT_DID,
              }, { DPoP });
              console.log('issued', issued.token_type);
              await ask('holder', issued.access_token, { DPoP });
              await ask('again', issued.access_token, { DPoP });
              await ask('thief', issued.access_token);
              await ask('other', issued.access_token, { DPoP: other });
              const { active, cnf } = await oauth.tokenIntrospection(config, issued.access_token);
              console.log('introspected', active, cnf.jkt.length);
            }
            """;
        const string Expected = """
            issued dpop
            holder true ALLOWED
            again true ALLOWED
            thief false TOKEN_PROOF_REQUIRED
            other false TOKEN_PROOF_INVALID
            introspected true 43

            """;
        await using var sidecar = await HttpSidecar.StartAsync(DocumentedBlock.Read("docs/doors/oauth.md json 1"));

        var (code, output) = await sidecar.RunScriptAsync(Script, ("ID_TOKEN", await sidecar.SignInAsync("alice")));

        Assert.True(code == 0, output);
        Assert.Equal(Expected + Expected, output);
    }

    [Fact]
    public async Task Page_IdentityAssertion_IsRedeemedOnce()
    {
        await using var sidecar = await HttpSidecar.StartAsync(DocumentedBlock.Read("docs/doors/oauth.md json 1"));
        var assertion = await sidecar.MintAssertionAsync(sidecar.Url, "agent-host");
        var other = await sidecar.MintAssertionAsync(sidecar.Url, "other-host");
        var script = DocumentedBlock.Read("docs/doors/oauth.md js 2");

        var (code, output) = await sidecar.RunScriptAsync(script, ("ID_JAG", assertion));
        var (again, replayed) = await sidecar.RunScriptAsync(script, ("ID_JAG", assertion));
        var (foreign, refused) = await sidecar.RunScriptAsync(script, ("ID_JAG", other));

        Assert.True(code == 0, output);
        Assert.StartsWith("issued ", output, StringComparison.Ordinal);
        Assert.Contains("tool:github", output, StringComparison.Ordinal);
        Assert.True(again != 0 && replayed.Contains("invalid_grant", StringComparison.Ordinal) && replayed.Contains("ID_JAG_USED", StringComparison.Ordinal), replayed);
        Assert.True(foreign != 0 && refused.Contains("ID_JAG_CLIENT_MISMATCH", StringComparison.Ordinal), refused);
        Assert.DoesNotContain(assertion.Split('.')[1], sidecar.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_Commands_DoWhatTheySay()
    {
        await using var sidecar = await HttpSidecar.StartAsync(DocumentedBlock.Read("docs/doors/oauth.md json 1"));

        var (made, hash) = await sidecar.RunAsync("bash", ["-euc", DocumentedBlock.Read("docs/doors/oauth.md sh 1")]);
        var (code, output) = await sidecar.RunAsync("bash", ["-euo", "pipefail", "-c", DocumentedBlock.Read("docs/doors/oauth.md sh 2") + "\nprintf '\\n%s' \"$CST\""], ("ID_TOKEN", await sidecar.SignInAsync("alice")));

        Assert.True(made == 0, hash);
        Assert.Equal(64, hash.Trim().Length);
        Assert.True(code == 0, output);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("\"active\":true", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("{\"active\":false}", lines[^2], StringComparison.Ordinal);
        Assert.Equal(ReasonCode.TokenRevoked, await sidecar.AskAsync(lines[^1], "github"));
    }
}
