/** An OpenID Connect provider that people sign in with, and the client that Sallyport is at it. */
export interface SignInProvider {
  readonly id: string
  /** For people to read. */
  readonly name: string
  /** The issuer identifier: `https://…`, or `http://…` on this machine. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scopes: readonly string[]
}

/** What the completion of a sign-in needs of its begin. Plain data that is kept secret from everyone but the browser. */
export interface KeptSignIn {
  /** The id of the provider. */
  readonly provider: string
  readonly state: string
  readonly nonce: string
  /** The code verifier (RFC 7636 section 4.1). */
  readonly verifier: string
}

/** The account of a person at a provider. */
export interface ProviderAccount {
  /** The claim `sub`: unique at the provider, and never given to another account. */
  readonly subject: string
  readonly email: string | null
  /** Whether the provider says that the address belongs to the person. */
  readonly emailVerified: boolean
  readonly name: string | null
}

/** How a sign-in ended. The reason of a refusal is for the log and quotes no secret. */
export type CompletedSignIn =
  | { readonly ok: true; readonly account: ProviderAccount }
  | { readonly ok: false; readonly reason: string }

/** How much time and data a provider gets. */
export interface ProviderLimits {
  /** For the discovery of a provider, in ms. */
  readonly discoveryMsMax: number
  /** For all requests of one completion, in ms. */
  readonly completionMsMax: number
  /** For each response, in bytes. */
  readonly responseBytesMax: number
  /** Completions in progress, over all providers. */
  readonly completionsMax: number
  /** How long the metadata of a provider is used before it is read again, in ms. */
  readonly metadataMsMax: number
  /** How long after a failed discovery the next attempt may start, in ms. */
  readonly retryMs: number
}
