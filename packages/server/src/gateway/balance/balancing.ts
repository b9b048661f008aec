import type { HealthCheck, TargetCondition, UpstreamTlsSettings } from '@sallyport/core'

/** A target with its variables filled in. */
export interface BalancedTarget {
  readonly origin: string
  readonly weight: number
  readonly when: TargetCondition | null
  readonly isBackup: boolean
}

/** The targets of a step and its rules, with variables filled in. A gateway keeps the state of the targets elsewhere. */
export interface Balancing {
  /** Where the step stands in the spec: `proxy`, or the pointer of a `call`. */
  readonly place: string
  readonly targets: readonly BalancedTarget[]
  readonly by: 'request' | 'caller'
  readonly retries: number
  readonly retryMethods: ReadonlySet<string>
  readonly failures: number
  readonly ejectionMs: number
  /** Null without checks. */
  readonly health: HealthCheck | null
  /** Of the connections to the targets; null for what Node.js does by default. */
  readonly tls: UpstreamTlsSettings | null
  /** Null for no limit of its own. */
  readonly connectTimeoutMs: number | null
  readonly firstByteTimeoutMs: number | null
}

/** The properties of a request that its target can depend on. */
export interface BalancedRequest {
  readonly method: string
  /** The values of the caller's headers, by name in lower case. */
  readonly headers: { readonly get: (name: string) => string | readonly string[] | undefined }
  readonly consumer: string | null
  /** Identifies the caller, if the step shares out callers. */
  readonly caller: () => string
}

export function meets(condition: TargetCondition, { headers, consumer }: BalancedRequest): boolean {
  const { consumers } = condition
  if (consumers.length > 0 && (consumer === null || !consumers.includes(consumer))) return false
  return Object.entries(condition.headers).every(([name, value]) => headers.get(name.toLowerCase()) === value)
}
