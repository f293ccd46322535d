// A real OpenID provider on loopback for the test suite: authorization code with PKCE, signed in by `login_hint`, consent given.
// Prints one JSON line, {"issuer": URL}, when it is ready. Everything is forgotten when it ends.
//
// Control endpoints, all POST unless said:
//   /control/rotate?overlap=true|false   new signing key; the old one stays published or not
//   /control/jwks?mode=ok|503|hang|garbage|empty|redirect   how the key set answers from now on
//   /control/mint (JSON body)            an ID token with these claims over the usual ones, signed with the current key
//   GET /control/counts                  how often discovery and the key set were fetched
import http from 'node:http';
import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import Provider from 'oidc-provider';

const USERS = {
  alice: ['platform-engineers'],
  bob: ['security-analysts'],
  carol: ['platform-engineers', 'security-analysts'],
  dave: [],
  erin: undefined,
  frank: Array.from({ length: 100 }, (_, index) => `group-${index}`),
};
const CLIENTS = ['clawpdp-agent', 'other-client'];
const REDIRECT = 'http://127.0.0.1/callback';

let keys = [];
let provider;
let issuer;
let mode = 'ok';
const counts = { discovery: 0, jwks: 0 };

async function makeKey() {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: `key-${Date.now()}-${keys.length}`, alg: 'RS256', use: 'sig' };
}

function build() {
  provider = new Provider(issuer, {
    jwks: { keys },
    clients: CLIENTS.map((client_id) => ({
      client_id,
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      redirect_uris: [REDIRECT],
      response_types: ['code'],
      grant_types: ['authorization_code'],
    })),
    scopes: ['openid', 'groups'],
    claims: { openid: ['sub'], groups: ['groups'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['only for tests'] },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, ...(USERS[id] === undefined ? {} : { groups: USERS[id] }) }),
    }),
  });
  provider.on('server_error', (_, error) => console.error(error));
}

async function interact(request, response) {
  const details = await provider.interactionDetails(request, response);
  const { prompt, params } = details;
  if (prompt.name === 'login') {
    return provider.interactionFinished(request, response, { login: { accountId: params.login_hint } });
  }
  const grant = details.grantId
    ? await provider.Grant.find(details.grantId)
    : new provider.Grant({ accountId: details.session.accountId, clientId: params.client_id });
  grant.addOIDCScope('openid groups');
  grant.addOIDCClaims(['groups']);
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
}

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function mint(claims) {
  const now = Math.floor(Date.now() / 1000);
  const { _header: header = {}, ...rest } = claims;
  const token = new SignJWT({
    iss: issuer, aud: CLIENTS[0], sub: 'alice', groups: USERS.alice, iat: now, exp: now + 600, ...rest,
  });
  return token.setProtectedHeader({ alg: 'RS256', kid: keys[0].kid, ...header }).sign(await importJWK(keys[0], 'RS256'));
}

async function control(request, response, url) {
  switch (url.pathname) {
    case '/control/rotate':
      keys = [await makeKey(), ...(url.searchParams.get('overlap') === 'true' ? keys : [])];
      build();
      return response.end('{}');
    case '/control/jwks':
      mode = url.searchParams.get('mode');
      return response.end('{}');
    case '/control/mint':
      return response.end(JSON.stringify({ id_token: await mint(JSON.parse(await body(request))) }));
    case '/control/counts':
      return response.end(JSON.stringify(counts));
    default:
      response.statusCode = 404;
      return response.end();
  }
}

function jwks(request, response) {
  counts.jwks += 1;
  switch (mode) {
    case '503':
      response.statusCode = 503;
      return response.end();
    case 'hang':
      return undefined;
    case 'garbage':
      return response.end('<html>not a key set</html>');
    case 'empty':
      response.setHeader('content-type', 'application/json');
      return response.end('{"keys":[]}');
    case 'redirect':
      response.statusCode = 302;
      response.setHeader('location', '/elsewhere');
      return response.end();
    default:
      return provider.callback()(request, response);
  }
}

const server = http.createServer((request, response) => {
  const url = new URL(request.url, issuer);
  const handle = async () => {
    if (url.pathname.startsWith('/control/')) return control(request, response, url);
    if (url.pathname === '/jwks') return jwks(request, response);
    if (url.pathname.startsWith('/interaction/')) return interact(request, response);
    if (url.pathname === '/.well-known/openid-configuration') counts.discovery += 1;
    return provider.callback()(request, response);
  };
  handle().catch((error) => {
    console.error(error);
    response.statusCode = 500;
    response.end();
  });
});

server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', async () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  keys = [await makeKey()];
  build();
  console.log(JSON.stringify({ issuer }));
});
