import {
  allowInsecureRequests,
  customFetch,
  discovery,
  type CustomFetch,
  type ServerMetadata,
} from 'openid-client'
import { isLoopback } from '../../address/loopback.ts'
import { isAllowed, ProviderDown } from './provider-requests.ts'
import type { ProviderLimits, SignInProvider } from './sign-in-provider.ts'

/** The metadata of one provider: OpenID Connect Discovery 1.0 section 4. Read at first use, not at the start. */
export class ProviderMetadata {
  readonly #provider: SignInProvider
  readonly #limits: ProviderLimits
  readonly #fetchWith: (signal: AbortSignal) => CustomFetch
  readonly #monotonicMs: () => number
  #known: { readonly metadata: ServerMetadata; readonly atMs: number } | null = null
  #failed: { readonly error: ProviderDown; readonly atMs: number } | null = null
  #reading: Promise<ServerMetadata> | null = null

  constructor(
    provider: SignInProvider,
    limits: ProviderLimits,
    fetchWith: (signal: AbortSignal) => CustomFetch,
    monotonicMs: () => number,
  ) {
    this.#provider = provider
    this.#limits = limits
    this.#fetchWith = fetchWith
    this.#monotonicMs = monotonicMs
  }

  /**
   * The metadata, read now if it is not known or too old. All callers share one attempt; after one that failed, callers
   * get its error for a while.
   *
   * @throws ProviderDown
   */
  async read(): Promise<ServerMetadata> {
    const nowMs = this.#monotonicMs()
    if (this.#known !== null && nowMs - this.#known.atMs < this.#limits.metadataMsMax)
      return this.#known.metadata
    if (this.#failed !== null && nowMs - this.#failed.atMs < this.#limits.retryMs) throw this.#failed.error
    this.#reading ??= this.#discover().finally(() => {
      this.#reading = null
    })
    return await this.#reading
  }

  async #discover(): Promise<ServerMetadata> {
    const { issuer, clientId } = this.#provider
    try {
      const url = new URL(issuer)
      const fetch = this.#fetchWith(AbortSignal.timeout(this.#limits.discoveryMsMax))
      const found = await discovery(url, clientId, undefined, undefined, {
        [customFetch]: fetch,
        execute: isLoopback(url.hostname) ? [allowInsecureRequests] : [],
      })
      const metadata = found.serverMetadata()
      checkMetadata(metadata, url)
      this.#known = { metadata, atMs: this.#monotonicMs() }
      this.#failed = null
      return metadata
    } catch (cause) {
      const error =
        cause instanceof ProviderDown ? cause : new ProviderDown(`discovery failed at ${issuer}`, { cause })
      this.#failed = { error, atMs: this.#monotonicMs() }
      throw error
    }
  }
}

/** @throws ProviderDown */
function checkMetadata(metadata: ServerMetadata, issuer: URL): void {
  // The library lets two vendors name another issuer, even one for each tenant. Here a provider is one issuer.
  if (URL.parse(metadata.issuer)?.href !== issuer.href) {
    throw new ProviderDown(`the metadata of ${issuer.href} names another issuer`)
  }
  for (const endpoint of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const) {
    const url = URL.parse(metadata[endpoint] ?? '')
    if (url === null || !isAllowed(url, isLoopback(issuer.hostname))) {
      throw new ProviderDown(`the metadata of ${issuer.href} has no valid ${endpoint}`)
    }
  }
}
