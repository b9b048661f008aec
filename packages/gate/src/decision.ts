/** The caller of an allowed request, and the pipeline that it may use. */
export interface Principal {
  /** The slug of the caller's organization; that of the pipeline for a caller without a credential. */
  readonly organization: string
  readonly environment: string
  readonly pipeline: string
  /** The version of the pipeline that is deployed, such as `1.2`. */
  readonly version: string
  /** The name of the consumer; null if the caller is none. */
  readonly consumer: string | null
  /** The id of the consumer; null exactly when the name is. */
  readonly consumerId: string | null
  /** The id of the API key; null without one. */
  readonly key: string | null
  /** The claims of the JWT; null without one. */
  readonly claims: Readonly<Record<string, unknown>> | null
  /** The labels of the caller; none unless the trigger has `sendLabels`. */
  readonly labels: Readonly<Record<string, string>>
}

/** Headers by their names in lower case. */
export type GateHeaders = Readonly<Record<string, string>>

/** A problem (RFC 9457). docs/errors.md of Sallyport explains each code. */
export interface GateProblem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly [extension: string]: unknown
}

/** A request that may proceed. */
export interface GateAllowed {
  readonly allowed: true
  readonly principal: Principal
  /** For the response: the request's id, cross-origin headers, the caller's remaining limits, and the pipeline's own. */
  readonly headers: GateHeaders
  /** Of the newest change that the decision knows, as in receipts. */
  readonly revision: number
}

/** A request to answer with this status, these headers, and the problem as JSON. */
export interface GateRefused {
  readonly allowed: false
  readonly status: number
  /** The code of the problem; `preflight` for a CORS preflight, which is answered here and has no problem. */
  readonly code: string
  readonly problem: GateProblem | null
  readonly headers: GateHeaders
}

export type GateDecision = GateAllowed | GateRefused
