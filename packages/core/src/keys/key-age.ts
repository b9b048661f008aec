/** The name of the policy in paths and events. */
export const KEY_AGE = 'key-age'

const DAY_MS = 24 * 60 * 60 * 1000

/** After how many days a reminder can say that a secret should be rolled. */
export const ROTATION_REMINDER_DAYS = [90, 180] as const

/** The longest lifetime that a policy can set: ten years, in days. */
export const LIFETIME_DAYS_MAX = 3650

/** How long after its reminder a secret is overdue, in days. */
const OVERDUE_DAYS = 90

/** How long before its end a key warns, in ms: 30 days. */
export const WARNED_MS = 30 * DAY_MS

/** The rules about the age of secrets, for the keys of one environment or for those without an environment. */
export interface KeyAge {
  /** After how many days a secret should be rolled; null for no reminder. */
  readonly rotationReminderDays: (typeof ROTATION_REMINDER_DAYS)[number] | null
  /** For how many days a secret works after its creation; null for no limit. */
  readonly maxLifetimeDays: number | null
}

/** No reminder and no maximum. */
export const NO_KEY_AGE: KeyAge = { rotationReminderDays: null, maxLifetimeDays: null }

/** How urgently a secret should be rolled, by its age alone. */
export const FRESHNESS = ['fresh', 'due', 'overdue'] as const
export type Freshness = (typeof FRESHNESS)[number]

/**
 * The whole second in which a secret was created, in ms since 1970. Gateways store only the second, so every rule about
 * the age of a secret counts from its start.
 */
export function wholeSecondMs(createdAtMs: number): number {
  return Math.floor(createdAtMs / 1000) * 1000
}

/**
 * When the maximum lifetime ends a secret: the first instant at which it no longer works.
 *
 * @param createdAtMs when the secret was created, in ms since 1970
 * @returns milliseconds since 1970; `Infinity` without a maximum
 */
export function lifetimeEndsAtMs(createdAtMs: number, maxLifetimeDays: number | null): number {
  return maxLifetimeDays === null ? Infinity : wholeSecondMs(createdAtMs) + maxLifetimeDays * DAY_MS
}

/**
 * The latest creation of a secret whose lifetime is over, in ms since 1970; `-Infinity` without a maximum. It is the
 * inverse of `lifetimeEndsAtMs`: exactly the secrets created then or earlier have ended.
 */
export function endedIfCreatedByMs(maxLifetimeDays: number | null, nowMs: number): number {
  return maxLifetimeDays === null ? -Infinity : wholeSecondMs(nowMs) - maxLifetimeDays * DAY_MS + 999
}

/** The creations of secrets with a freshness: after `afterMs`, and at `untilMs` at the latest. In ms since 1970. */
export interface CreationRange {
  readonly afterMs: number
  readonly untilMs: number
}

/**
 * When secrets with a freshness were created.
 *
 * @param reminderDays null for no reminder: every secret is fresh
 * @param nowMs milliseconds since 1970
 * @returns undefined if no secret can have this freshness
 */
export function createdForFreshness(
  freshness: Freshness,
  reminderDays: number | null,
  nowMs: number,
): CreationRange | undefined {
  if (reminderDays === null) {
    return freshness === 'fresh' ? { afterMs: -Infinity, untilMs: Infinity } : undefined
  }
  const dueByMs = endedIfCreatedByMs(reminderDays, nowMs)
  const overdueByMs = endedIfCreatedByMs(reminderDays + OVERDUE_DAYS, nowMs)
  if (freshness === 'fresh') return { afterMs: dueByMs, untilMs: Infinity }
  if (freshness === 'due') return { afterMs: overdueByMs, untilMs: dueByMs }
  return { afterMs: -Infinity, untilMs: overdueByMs }
}

/**
 * The freshness of a secret.
 *
 * @param createdAtMs when the secret was created, in ms since 1970
 * @param reminderDays null for no reminder
 * @param nowMs milliseconds since 1970
 */
export function freshnessOf(createdAtMs: number, reminderDays: number | null, nowMs: number): Freshness {
  const isCreatedFor = (freshness: Freshness): boolean => {
    const range = createdForFreshness(freshness, reminderDays, nowMs)
    return range !== undefined && createdAtMs > range.afterMs && createdAtMs <= range.untilMs
  }
  return FRESHNESS.find(isCreatedFor) ?? 'fresh'
}
