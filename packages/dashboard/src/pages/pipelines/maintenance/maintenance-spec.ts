import { isMembers, type Members } from '../schema/walk.ts'

/** What the trigger of a spec says of its maintenance. Nothing of it has a value before it is set. */
export interface Maintenance {
  /** What callers are told; empty for the usual sentences. */
  readonly detail: string
  /** When callers may try again, in seconds; null for the default. */
  readonly retryAfterSeconds: number | null
  /** Addresses and ranges whose callers are served all the same. */
  readonly exceptAddresses: readonly string[]
}

/** The default of `retryAfterSeconds`. */
export const RETRY_AFTER_SECONDS_DEFAULT = 300
/** The most seconds that callers can be asked to wait: a week. */
export const RETRY_AFTER_SECONDS_MAX = 604_800
export const DETAIL_CHARS_MAX = 500

function triggerOf(spec: unknown): Members {
  const trigger = isMembers(spec) ? spec['trigger'] : undefined
  return isMembers(trigger) ? trigger : {}
}

/** Whether callers of this spec get 503. */
export function isInMaintenance(spec: unknown): boolean {
  return isMembers(triggerOf(spec)['maintenance'])
}

/** Whether the trigger can have a maintenance at all: a schedule has no callers. */
export function hasCallers(spec: unknown): boolean {
  return triggerOf(spec)['kind'] !== 'schedule'
}

/** The same spec in maintenance. What has its default is left out. */
export function withMaintenance(spec: unknown, maintenance: Maintenance): unknown {
  const { detail, retryAfterSeconds, exceptAddresses } = maintenance
  return withTrigger(spec, {
    ...triggerOf(spec),
    maintenance: {
      ...(detail.trim() !== '' && { detail: detail.trim() }),
      ...(retryAfterSeconds !== null && { retryAfterSeconds }),
      ...(exceptAddresses.length > 0 && { exceptAddresses }),
    },
  })
}

/** The same spec without a maintenance. */
export function withoutMaintenance(spec: unknown): unknown {
  const { maintenance: _, ...trigger } = triggerOf(spec)
  return withTrigger(spec, trigger)
}

function withTrigger(spec: unknown, trigger: Members): unknown {
  return { ...(isMembers(spec) && spec), trigger }
}

/** Whether two specs say the same, in whatever order of names. A maintenance of null is none. */
function isSameSpec(one: unknown, other: unknown): boolean {
  return textOf(one) === textOf(other)
}

function textOf(spec: unknown): string {
  return JSON.stringify(ordered(isInMaintenance(spec) ? spec : withoutMaintenance(spec)))
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (!isMembers(value)) return value
  // As a list of pairs: an object would order names such as "7" by itself.
  return Object.keys(value)
    .toSorted()
    .map((name) => [name, ordered(value[name])])
}

interface Version {
  readonly version: string
  readonly spec: unknown
}

/** How a wanted spec can go live in place of a version: as a version that says the same already, or as a new one. */
export type WayLive =
  | { readonly kind: 'existing'; readonly version: string }
  | { readonly kind: 'new'; readonly base: string }
  /** A save makes a version of the newest major, which is live beside the older ones. */
  | { readonly kind: 'none'; readonly newest: string }

/**
 * @param deployed the number of the version that is live, such as `1.3`
 * @param versions newest first
 */
export function wayLive(wanted: unknown, deployed: string, versions: readonly Version[]): WayLive {
  const major = majorOf(deployed)
  const same = versions.find(({ version, spec }) => majorOf(version) === major && isSameSpec(spec, wanted))
  if (same !== undefined) return { kind: 'existing', version: same.version }
  const newest = versions[0]?.version ?? deployed
  return majorOf(newest) === major ? { kind: 'new', base: newest } : { kind: 'none', newest }
}

function majorOf(version: string): string {
  return version.split('.')[0] ?? ''
}
