import type { SallyportError, Verifier } from '@sallyport/sdk'

/** A server made with a framework, whose routes are all behind a verifier. */
export interface FrameworkServer extends AsyncDisposable {
  readonly url: string
  /** What the process of the server has printed, if it has one of its own. */
  printed?(): string
}

export interface Protection {
  readonly verifier: Verifier
  /** The URL of the gateway, for a framework that runs in a process of its own. */
  readonly gateway: string
  readonly onUnavailable: (error: SallyportError) => void
}

export interface Framework {
  readonly name: string
  /**
   * Starts a server with these routes, each for GET and POST:
   *
   * - `/orders/:id` and `/limited` answer with the identity of the caller and the body of the request, `OwnAnswer`;
   * - `/failing` throws an error.
   */
  start(protection: Protection): Promise<FrameworkServer>
  /** Whether the framework keeps only the first of a repeated header before anything can see it. */
  readonly dropsRepeated?: boolean
}

/** What the routes answer with. */
export interface OwnAnswer {
  readonly consumer: string | null
  readonly key: string | null
  readonly body: string
}
