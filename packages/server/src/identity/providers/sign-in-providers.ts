import { Problem } from '@sallyport/core'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  customFetch,
  enableNonRepudiationChecks,
  fetchUserInfo,
  getJwksCache,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  setJwksCache,
  type ServerMetadata,
} from 'openid-client'
import { Agent } from 'undici'
import { accountOf, subjectOf, type Claims } from './account-claims.ts'
import { ProviderMetadata } from './provider-metadata.ts'
import { isLoopback } from '../../address/loopback.ts'
import { ProviderDown, providerFetch } from './provider-requests.ts'
import { refusalReason } from './refusal-reason.ts'
import type { CompletedSignIn, KeptSignIn, ProviderLimits, SignInProvider } from './sign-in-provider.ts'

const LIMITS: ProviderLimits = {
  discoveryMsMax: 4_000,
  completionMsMax: 8_000,
  // A set of 64 RSA keys with certificates has about 200 KiB.
  responseBytesMax: 256 * 1024,
  completionsMax: 64,
  metadataMsMax: 60 * 60_000,
  retryMs: 5_000,
}
/** For each origin of a provider. */
const CONNECTIONS_MAX = 8
const HEADER_BYTES_MAX = 32 * 1024
/** The parameters of a callback: the longest known codes have about 2 KiB. */
const QUERY_CHARS_MAX = 8 * 1024

interface Known {
  readonly provider: SignInProvider
  readonly metadata: ProviderMetadata
  /** The provider's keys, which the library reads again after 5 minutes. */
  keys: ReturnType<typeof getJwksCache>
}

export interface SignInProvidersOptions {
  /** The URL that browsers know the management API by, without a trailing slash. */
  readonly publicUrl: () => string
  readonly monotonicMs: () => number
  readonly limits?: Partial<ProviderLimits>
}

/**
 * The authorization code flow of OpenID Connect Core 1.0 section 3.1 with each provider, as RFC 9700 asks for it: PKCE
 * with S256, `state` and `nonce` for each sign-in, a redirect URI for each provider that is compared exactly, `iss` of
 * the response (RFC 9207) when the provider announces it, and the signature of every ID token.
 */
export class SignInProviders implements AsyncDisposable {
  readonly #known: ReadonlyMap<string, Known>
  readonly #publicUrl: () => string
  readonly #limits: ProviderLimits
  readonly #agent = new Agent({
    allowH2: false,
    connections: CONNECTIONS_MAX,
    pipelining: 1,
    maxHeaderSize: HEADER_BYTES_MAX,
    // Each request ends with the signal of its limits.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  #completions = 0

  constructor(providers: readonly SignInProvider[], options: SignInProvidersOptions) {
    this.#publicUrl = options.publicUrl
    this.#limits = { ...LIMITS, ...options.limits }
    this.#known = new Map(
      providers.map((provider) => [
        provider.id,
        {
          provider,
          metadata: new ProviderMetadata(
            provider,
            this.#limits,
            (signal) => this.#fetch(provider, signal),
            options.monotonicMs,
          ),
          keys: undefined,
        },
      ]),
    )
  }

  /** In the order of the settings. */
  list(): readonly { readonly id: string; readonly name: string }[] {
    return [...this.#known.values()].map(({ provider: { id, name } }) => ({ id, name }))
  }

  has(id: string): boolean {
    return this.#known.has(id)
  }

  /**
   * Begins a sign-in.
   *
   * @param id of a provider that is known
   * @returns where the browser goes, and what `complete` needs
   * @throws Problem `unavailable` when the provider is down
   */
  async begin(id: string): Promise<{ readonly url: string; readonly kept: KeptSignIn }> {
    const known = this.#get(id)
    const kept = {
      provider: id,
      state: randomState(),
      nonce: randomNonce(),
      verifier: randomPKCECodeVerifier(),
    }
    const signal = AbortSignal.timeout(this.#limits.discoveryMsMax)
    const client = this.#client(known, await metadataOf(known), signal)
    const url = buildAuthorizationUrl(client, {
      redirect_uri: this.#redirectUri(id),
      scope: known.provider.scopes.join(' '),
      state: kept.state,
      nonce: kept.nonce,
      code_challenge: await calculatePKCECodeChallenge(kept.verifier),
      code_challenge_method: 'S256',
    })
    return { url: url.href, kept }
  }

  /**
   * Completes a sign-in.
   *
   * @param id of the provider whose callback was called
   * @param query of the callback's URL, from the "?" on or empty
   * @param kept of the same browser
   * @throws Problem `unavailable` when the provider is down
   */
  async complete(id: string, query: string, kept: KeptSignIn): Promise<CompletedSignIn> {
    const known = this.#get(id)
    // Each provider has a callback of its own, so that a response belongs to one (RFC 9700 section 4.4.2.2).
    if (kept.provider !== id) return { ok: false, reason: 'the sign-in was begun with another provider' }
    if (query.length > QUERY_CHARS_MAX) return { ok: false, reason: 'the response has too many characters' }
    if (this.#completions >= this.#limits.completionsMax) throw unavailable(known.provider)
    this.#completions += 1
    try {
      const metadata = await metadataOf(known)
      const client = this.#client(known, metadata, AbortSignal.timeout(this.#limits.completionMsMax))
      const callback = new URL(this.#redirectUri(id))
      callback.search = query
      return await completed(client, known, callback, kept)
    } catch (error) {
      if (error instanceof Problem) throw error
      if (isDown(error)) throw unavailable(known.provider, error)
      return { ok: false, reason: refusalReason(error) }
    } finally {
      this.#completions -= 1
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy()
  }

  #get(id: string): Known {
    const known = this.#known.get(id)
    if (known === undefined) throw new Error(`there is no provider ${id}`)
    return known
  }

  #redirectUri(id: string): string {
    return `${this.#publicUrl()}/v1/auth/providers/${id}/callback`
  }

  #fetch({ issuer }: SignInProvider, signal: AbortSignal) {
    return providerFetch(this.#agent, {
      bytesMax: this.#limits.responseBytesMax,
      signal,
      allowsLoopback: isLoopback(new URL(issuer).hostname),
    })
  }

  /** The library's client for one sign-in, whose requests end with the signal. */
  #client({ provider, keys }: Known, metadata: ServerMetadata, signal: AbortSignal): Configuration {
    const { issuer, clientId, clientSecret } = provider
    const methods: readonly unknown[] = [metadata.token_endpoint_auth_methods_supported].flat()
    // Every server supports Basic (RFC 6749 section 2.3.1), but some announce only the other method.
    const usesBody = methods.includes('client_secret_post') && !methods.includes('client_secret_basic')
    const authentication = usesBody ? ClientSecretPost(clientSecret) : ClientSecretBasic(clientSecret)
    const client = new Configuration(metadata, clientId, undefined, authentication)
    client[customFetch] = this.#fetch(provider, signal)
    // Otherwise the library trusts the connection to the token endpoint (Core section 3.1.3.7, rule 6).
    enableNonRepudiationChecks(client)
    if (isLoopback(new URL(issuer).hostname)) allowInsecureRequests(client)
    if (keys !== undefined) setJwksCache(client, keys)
    return client
  }
}

async function completed(
  client: Configuration,
  known: Known,
  callback: URL,
  kept: KeptSignIn,
): Promise<CompletedSignIn> {
  const tokens = await authorizationCodeGrant(client, callback, {
    expectedState: kept.state,
    expectedNonce: kept.nonce,
    pkceCodeVerifier: kept.verifier,
    idTokenExpected: true,
  }).finally(() => {
    known.keys = getJwksCache(client) ?? known.keys
  })
  const claims: Claims = tokens.claims() ?? {}
  const subject = subjectOf(claims)
  if (subject === null) return { ok: false, reason: 'the ID token has no valid subject' }
  // The library looks at `azp` only beside several audiences (Core section 3.1.3.7, rule 5).
  if (claims['azp'] !== undefined && claims['azp'] !== known.provider.clientId) {
    return { ok: false, reason: 'the ID token was issued to another client' }
  }
  const account = accountOf(subject, claims)
  if (account.email !== null || client.serverMetadata().userinfo_endpoint === undefined) {
    return { ok: true, account }
  }
  const more: Claims = await fetchUserInfo(client, tokens.access_token, subject)
  return { ok: true, account: accountOf(subject, { ...claims, ...more }) }
}

async function metadataOf({ provider, metadata }: Known): Promise<ServerMetadata> {
  try {
    return await metadata.read()
  } catch (error) {
    throw unavailable(provider, error)
  }
}

function unavailable({ name }: SignInProvider, cause?: unknown): Problem {
  return new Problem('unavailable', {
    detail: `The sign-in provider "${name}" does not respond. Sign in another way, or try again shortly.`,
    cause,
  })
}

/** The library wraps the errors of requests. */
function isDown(error: unknown): boolean {
  return error instanceof ProviderDown || (error instanceof Error && isDown(error.cause))
}
