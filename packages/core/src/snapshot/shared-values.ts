import { type Labels, NO_LABELS } from '../labels/labels.ts'
import type { RateLimit } from '../pipelines/pipeline-spec.ts'
import type { ValueKind } from '../tables/value-pool.ts'

/** Where a key, a consumer or a credential belongs, and what it has in common with many others. */
export interface Home {
  readonly organization: string
  /** Null for a key that works in every environment, and for an external key. */
  readonly environment: string | null
  /** The roles of a key, or the pipelines of a consumer. */
  readonly names: readonly string[]
  /** The projects of a consumer. */
  readonly projects: readonly string[]
  /** The plan of a consumer. */
  readonly plan: string | null
}

/** A home without names, projects and plan. */
export function bareHome(organization: string, environment: string | null): Home {
  return { organization, environment, names: NONE, projects: NONE, plan: null }
}

const NONE: readonly string[] = []

export const HOME: ValueKind<Home> = {
  tag: 'h',
  isIndividual: false,
  isSame: (one, other) =>
    one.organization === other.organization &&
    one.environment === other.environment &&
    one.plan === other.plan &&
    isSameList(one.names, other.names) &&
    isSameList(one.projects, other.projects),
  encode: ({ organization, environment, names, projects, plan }) =>
    JSON.stringify([organization, environment, names, projects, plan]),
  decode(json) {
    const [organization, environment, names, projects, plan] = json as [
      string,
      string | null,
      string[],
      string[],
      string | null,
    ]
    return { organization, environment, names, projects, plan }
  },
}

/** The address rules, rate limits and labels of a key; keys that have the same usually share one object. */
export interface KeyRules {
  /** Address ranges in CIDR notation; empty when the key works from everywhere. */
  readonly addressRules: readonly string[]
  readonly rateLimits: readonly RateLimit[]
  readonly labels: Labels
}

export const NO_RULES: KeyRules = { addressRules: [], rateLimits: [], labels: NO_LABELS }

export const RULES: ValueKind<KeyRules> = {
  tag: 'r',
  isIndividual: true,
  isSame: () => false,
  encode: ({ addressRules, rateLimits, labels }) => JSON.stringify([addressRules, rateLimits, labels]),
  decode(json) {
    const [addressRules, rateLimits, labels] = json as [string[], RateLimit[], Labels]
    return { addressRules, rateLimits, labels }
  },
}

export const LABELS: ValueKind<Labels> = {
  tag: 'l',
  isIndividual: true,
  isSame: () => false,
  encode: (labels) => JSON.stringify(labels),
  decode: (json) => json as Labels,
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => name === other[index])
}
