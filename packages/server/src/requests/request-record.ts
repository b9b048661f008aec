/** The entrance of the gateway that a request used: a pipeline's route, or `/authz` for another proxy. */
export type Entrance = 'gateway' | 'authz'

/** The code of a request that was let in, unless the gateway answered it with a problem. */
export const LET_IN_CODE = 'valid'

/** How a request to no pipeline was answered: with the rules of CORS, a key set, or a list of what the caller can call. */
export type UndecidedAnswer = 'preflight' | 'jwks' | 'openapi'

/**
 * How a request ended: its response was sent completely; or the caller closed the connection before that; or the gateway
 * did, because the request was no longer allowed, the upstream failed in the middle, or the server stopped.
 */
export const REQUEST_ENDS = ['sent', 'caller_gone', 'cut_off'] as const
export type RequestEnd = (typeof REQUEST_ENDS)[number]

/** A decided request after its end. Plain data without credentials, path, query, headers and content. */
export interface RequestRecord {
  /** The `x-request-id` of the response. A caller may have chosen it; tokens of keys in it are redacted. */
  readonly requestId: string
  /** When its headers had arrived, in ms since 1970. */
  readonly atMs: number
  readonly entrance: Entrance
  /** The organization and environment that it addressed; null if they do not exist. */
  readonly organization: string | null
  readonly environment: string | null
  /** The pipeline with its project and version; null if the request matched none. */
  readonly project: string | null
  readonly pipeline: string | null
  readonly version: string | null
  /** `LET_IN_CODE`, or the code of the problem that it was answered with or that ended it. */
  readonly code: string
  /** The id of the verified key, also of a JWT's; null without one. */
  readonly keyId: string | null
  /** The id of a consumer of the pipeline's organization; null if none was identified. */
  readonly consumer: string | null
  readonly method: string
  /** Null if no response was begun. */
  readonly status: number | null
  readonly end: RequestEnd
  /** From the arrival of its headers until its end, in ms. */
  readonly durationMs: number
  /**
   * The time spent on upstreams in ms, with connecting: in a proxy step until the response's headers, in a call until the
   * whole response. Null if no upstream was asked.
   */
  readonly upstreamMs: number | null
  /** Bytes of the request's body that were read for the pipeline. */
  readonly requestBytes: number
  /** Bytes of the response's body that were handed to the connection. */
  readonly responseBytes: number
}
