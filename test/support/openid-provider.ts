import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Provider, type Flow } from 'oidc-provider'

/** What a provider says of people, by the names with which they sign in there. */
export type People = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export interface OpenIdProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  stop(): Promise<void>
}

/**
 * An OpenID Connect provider that takes everybody's word for who they are.
 * @param back where it sends them back to, and nowhere else
 */
export async function startOpenId(people: People, back: string): Promise<OpenIdProvider> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = { clientId: 'console', clientSecret: randomBytes(24).toString('base64url') }
  const provider = new Provider(issuer, configuration(people, client, back))
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (request.url?.startsWith(WHO) !== true) answer(request, response)
    else if (request.method === 'GET') response.setHeader('content-type', 'text/html').end(PAGE)
    else
      void typed(request).then((accountId) =>
        provider.interactionFinished(request, response, { login: { accountId } }),
      )
  })
  return {
    issuer,
    ...client,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

const WHO = '/who/'
const PAGE =
  '<!doctype html><title>ID</title><form method="post"><input name="login" autofocus><button>OK</button></form>'

async function typed(request: IncomingMessage): Promise<string> {
  return new URLSearchParams(await text(request)).get('login') ?? ''
}

function configuration(
  people: People,
  { clientId, clientSecret }: Pick<OpenIdProvider, 'clientId' | 'clientSecret'>,
  back: string,
): object {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [back] }],
    cookies: { keys: [randomBytes(24).toString('base64url')] },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] },
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { readonly uid: string }) => `${WHO}${uid}` },
    findAccount: (_: unknown, id: string) =>
      people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
    // It asks nobody whether the console may know who they are.
    loadExistingGrant: async ({ oidc: { provider, client, session } }: Flow) => {
      const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId })
      grant.addOIDCScope('openid profile email')
      await grant.save()
      return grant
    },
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: 600,
      IdToken: 600,
      Interaction: 600,
      Session: 600,
    },
  }
}
