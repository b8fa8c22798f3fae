import * as client from 'openid-client'
import { z } from 'zod'
import { SyncError } from '../../core/errors.js'
import type { OpenIdSettings } from './openid-settings.js'
import { mayAs, type Role, type SignedIn } from './roles.js'
import { Refusal } from '../request/refusal.js'

/** What must be the same when somebody comes back from the provider. */
export interface Going {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

const PATIENCE_SECONDS = 10

/** The provider that says who people are. */
export class OpenId {
  readonly #settings: OpenIdSettings
  #found: Promise<client.Configuration> | undefined

  constructor(settings: OpenIdSettings) {
    this.#settings = settings
  }

  /** Where somebody is to be sent. @throws SyncError SIGN_IN_UNAVAILABLE */
  async begin(): Promise<{ readonly url: URL; readonly going: Going }> {
    const { back, scope } = this.#settings
    const going = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    }
    const url = client.buildAuthorizationUrl(await this.#configuration(), {
      redirect_uri: back.href,
      scope,
      response_type: 'code',
      state: going.state,
      nonce: going.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(going.verifier),
      code_challenge_method: 'S256',
    })
    return { url, going }
  }

  /**
   * Who came back.
   * @param query with which they did
   * @returns undefined where they have no role here
   * @throws Refusal where they went for somebody else, or this is old; SyncError SIGN_IN_UNAVAILABLE
   */
  async end(query: string, { state, nonce, verifier }: Going): Promise<SignedIn | undefined> {
    const { back, roleClaim } = this.#settings
    const configuration = await this.#configuration()
    const url = new URL(back)
    url.search = query
    if (url.searchParams.get('state') !== state) throw new Refusal('forged')
    try {
      const tokens = await client.authorizationCodeGrant(configuration, url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (claims === undefined) throw new Error('no id token')
      // Some providers tell groups only when asked once more.
      const more =
        claims[roleClaim] === undefined && configuration.serverMetadata().userinfo_endpoint !== undefined
          ? await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
          : {}
      return this.#userOf({ ...more, ...claims })
    } catch (cause) {
      // The provider's word for a code that it has not given us, or has taken back.
      if (cause instanceof client.ResponseBodyError && cause.error === 'invalid_grant')
        throw new Refusal('forged')
      throw unavailable(cause)
    }
  }

  #userOf(claims: Readonly<Record<string, unknown>>): SignedIn | undefined {
    const { roles, roleClaim } = this.#settings
    const values = z.union([z.string().transform((one) => [one]), z.array(z.string())]).catch([])
    const given = values.parse(claims[roleClaim])
    const role = roles
      .filter(({ value }) => given.includes(value))
      .reduce<Role | undefined>(
        (most, { role }) => (most !== undefined && mayAs(most, role) ? most : role),
        undefined,
      )
    const name = [claims['preferred_username'], claims['email'], claims['sub']]
      .map(plain)
      .find((one) => one !== '')
    return role === undefined || name === undefined ? undefined : { name, role, proof: '' }
  }

  /** Looked up when first needed, and again after a failure: the provider may come up later than we do. */
  #configuration(): Promise<client.Configuration> {
    this.#found ??= this.#discover().catch((cause: unknown) => {
      this.#found = undefined
      throw unavailable(cause)
    })
    return this.#found
  }

  #discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings
    return client.discovery(issuer, clientId, clientSecret, undefined, {
      timeout: PATIENCE_SECONDS,
      // Only a provider on this machine itself, as the settings demand.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is meant to stand out
      execute: issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [],
    })
  }
}

/** For the record: one line, of no more than fits there. */
function plain(claim: unknown): string {
  return typeof claim === 'string' ? claim.replaceAll(/\p{C}/gu, '').trim().slice(0, 200) : ''
}

/** The provider's own words, which name no secret. */
function unavailable(cause: unknown): SyncError {
  if (cause instanceof SyncError) return cause
  const said = cause instanceof Error ? cause.message : String(cause)
  const error =
    cause instanceof client.ResponseBodyError || cause instanceof client.AuthorizationResponseError
  return new SyncError('SIGN_IN_UNAVAILABLE', error ? `the provider answers ${cause.error}` : said, { cause })
}
