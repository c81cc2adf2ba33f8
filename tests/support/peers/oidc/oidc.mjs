// SPDX-License-Identifier: MIT
//
// A real OpenID provider for the tests. Usage: oidc.mjs SETTINGS.json, which
// peers/oidc.py writes and explains. It says "ready" when it listens.
import { X509Certificate, webcrypto } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

import Provider from 'oidc-provider';

const settings = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));

// A client may be registered with a certificate instead of its key.
function client({ certificate, ...given }) {
	if (!certificate)
		return given;
	const { publicKey } = new X509Certificate(fs.readFileSync(certificate));
	const jwk = publicKey.export({ format: 'jwk' });
	return { ...given, jwks: { keys: [{ ...jwk, use: 'sig' }] } };
}

async function signingKey() {
	const pair = await webcrypto.subtle.generateKey(
		{ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
	const jwk = await webcrypto.subtle.exportKey('jwk', pair.privateKey);
	return { ...jwk, kid: 'signing', alg: 'ES256', use: 'sig' };
}

const { lifetime } = settings;
const provider = new Provider(settings.issuer, {
	jwks: { keys: [await signingKey()] },
	clientDefaults: { id_token_signed_response_alg: 'ES256' },
	clients: settings.clients.map(client),
	scopes: ['openid', 'offline_access', 'smtp'],
	pkce: { required: () => true },
	features: {
		clientCredentials: { enabled: true },
		devInteractions: { enabled: true },
		deviceFlow: { enabled: true },
		introspection: {
			enabled: true,
			allowedPolicy: (ctx, { clientId }) =>
				clientId === settings.introspector,
		},
		resourceIndicators: { enabled: false },
		revocation: { enabled: true },
	},
	extraTokenClaims: (ctx, token) =>
		({ username: token.accountId ?? settings.service_user }),
	findAccount: (ctx, id) =>
		({ accountId: id, claims: () => ({ sub: id }) }),
	issueRefreshToken: (ctx, { grantTypes }) =>
		grantTypes.includes('refresh_token'),
	rotateRefreshToken: settings.rotation,
	ttl: {
		AccessToken: lifetime, ClientCredentials: lifetime,
		AuthorizationCode: 60, DeviceCode: settings.device_lifetime,
		Grant: 86400, IdToken: 600, Interaction: 600,
		RefreshToken: 86400, Session: 3600,
	},
	cookies: { keys: ['known to the tests'] },
});

for (const where of ['authorization', 'device_authorization', 'grant',
	'introspection', 'revocation'])
	provider.on(`${where}.error`, (ctx, error) => {
		ctx.state.error = error.error;
		ctx.state.reason = error.error_description;
		console.error(where, error.error, error.error_description,
			error.error_detail ?? '');
	});
provider.on('server_error', (ctx, error) => console.error(error));

// One line for each request, written before the answer leaves: who has the
// answer finds the line. Values that a test compares, and else only names.
async function record(ctx, next) {
	const { method, path } = ctx;
	try {
		await next();
	} finally {
		const sent = ctx.oidc?.body ?? ctx.query;
		const [scheme] = ctx.get('authorization').split(' ');
		const line = {
			time: Date.now() / 1000, method, path,
			grant_type: sent.grant_type,
			client_id: sent.client_id ??
				ctx.oidc?.entities?.Client?.clientId,
			parameters: Object.keys(sent).sort(),
			authorization: scheme || undefined,
			status: ctx.status,
			error: ctx.state.error, reason: ctx.state.reason,
		};
		fs.appendFileSync(settings.log, JSON.stringify(line) + '\n');
	}
}

// What was asked for is done before: who dies meanwhile has spent a refresh
// token. A test waits for the byte in the file, and then acts.
async function delayed(ctx, next) {
	await next();
	if (ctx.path === '/token') {
		fs.appendFileSync(settings.done, '.');
		if (ctx.oidc.body?.grant_type === 'refresh_token')
			await sleep(settings.delay * 1000);
	}
}

// The same metadata where RFC 8414 looks for it.
async function metadata(ctx, next) {
	if (ctx.path === '/.well-known/oauth-authorization-server')
		ctx.path = '/.well-known/openid-configuration';
	await next();
}

// oidc-provider leaves out how often may be polled.
async function interval(ctx, next) {
	await next();
	if (ctx.path === '/device/auth' && ctx.status === 200)
		ctx.body = { ...ctx.body, interval: settings.interval };
}

for (const middleware of [record, delayed, metadata, interval])
	provider.use(middleware);

const answer = provider.callback();

// Dovecot asks in clear on loopback, and about nothing else.
function introspectionOnly(request, response) {
	if (request.url === '/token/introspection')
		return answer(request, response);
	response.writeHead(404).end();
}

function listen(server, port, host) {
	return new Promise((resolve, reject) =>
		server.on('error', reject).listen(port, host, resolve));
}

const tls = {
	cert: fs.readFileSync(settings.certificate),
	key: fs.readFileSync(settings.key),
};
await Promise.all([
	...settings.addresses.map((address) =>
		listen(https.createServer(tls, answer), settings.port, address)),
	listen(http.createServer(introspectionOnly), settings.clear_port,
		'127.0.0.1'),
]);
console.log('ready');
