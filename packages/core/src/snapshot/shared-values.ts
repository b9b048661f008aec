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
    const [organization, environment, names, projects, plan] = listOf(json)
    if (
      !isText(organization) ||
      !isTextOrNull(environment) ||
      !isTexts(names) ||
      !isTexts(projects) ||
      !isTextOrNull(plan)
    ) {
      throw DAMAGED
    }
    return { organization, environment, names, projects, plan }
  },
}

const DAMAGED = new RangeError('a value is damaged')

function listOf(json: unknown): readonly unknown[] {
  if (!Array.isArray(json)) throw DAMAGED
  return json
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || isText(value)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText)
}

function isLabels(value: unknown): value is Labels {
  return typeof value === 'object' && value !== null && Object.values(value).every(isText)
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
    const [addressRules, rateLimits, labels] = listOf(json)
    if (!isTexts(addressRules) || !Array.isArray(rateLimits) || !isLabels(labels)) throw DAMAGED
    return { addressRules, rateLimits, labels }
  },
}

export const LABELS: ValueKind<Labels> = {
  tag: 'l',
  isIndividual: true,
  isSame: () => false,
  encode: (labels) => JSON.stringify(labels),
  decode(json) {
    if (!isLabels(json)) throw DAMAGED
    return json
  },
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => name === other[index])
}
