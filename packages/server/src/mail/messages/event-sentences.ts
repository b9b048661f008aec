import { EXTERNAL_API_ACCESS, type OwnerMailEvent } from '@sallyport/core'
import type { OrganizationEvent } from '../../events/event-of.ts'
import { nameInMail, timeInMail } from './plain-text.ts'

/** The events that are collected for a mail. A leak is told at once, in a mail of its own. */
export type CollectedEvent = Exclude<OwnerMailEvent, 'key.leaked'>

type Facts = OrganizationEvent['data']

/** Routes of one alarm, or violations of one refusal, that a sentence names. */
const NAMED_MAX = 5
const ROUTE_CHARS_MAX = 200
/** A version, or a route, in which no mail program finds a link. */
const PLAIN = /^(?:\d+\.\d+|[A-Z]+ (?:\/:?[\w{}*-]+)*\/?)$/

/** What happened, as a sentence without a full stop. @param data as webhooks tell it */
export function eventSentence(type: CollectedEvent, data: Facts): string {
  return SENTENCES[type](data)
}

const SENTENCES: Readonly<Record<CollectedEvent, (data: Facts) => string>> = {
  'key.created': (data) => `${keyOf(data)} was created`,
  'key.rolled': (data) =>
    `${keyOf(data)} was rolled, and its old secret works until ${timeOf(data['oldSecretExpiresAt'])}`,
  'key.rotation_failed'(data) {
    const { problem, nextRotationAt } = factsOf(data['rotation'])
    return (
      `${keyOf(data)} was not rolled as its schedule says, because of the problem "${textOf(problem)}"; ` +
      `the next try is at ${timeOf(nextRotationAt)}`
    )
  },
  'key.expiring': (data) =>
    `${keyOf(data)} ends at ${timeOf(data['endsAt'])}; roll it or set another expiry before that`,
  'key.expired': (data) => `${keyOf(data)} has ended, and its callers are refused`,
  'key.old_secret_still_used': (data) =>
    `${keyOf(data)} was rolled, but its old secret, which ends at ${timeOf(data['oldSecretExpiresAt'])}, is still used`,
  'key.deleted': (data) => `${keyOf(data)} was deleted`,
  'external_key.added': (data) => `${externalKeyOf(data)} was added`,
  'external_key.changed'(data) {
    const { allowedByOwner } = data
    if (typeof allowedByOwner !== 'boolean') return `${externalKeyOf(data)} was changed`
    return `The organization that owns the external key ${externalIdOf(data)} ${allowedByOwner ? 'allows' : 'no longer allows'} its use here`
  },
  'external_key.removed': (data) => `${externalKeyOf(data)} was removed`,
  'policy.changed'(data) {
    const policy = factsOf(data['policy'])
    if (policy['name'] !== EXTERNAL_API_ACCESS) return `${ageScopeOf(policy)} changed: ${ageOf(policy)}`
    return (
      `The policy about access to the environment "${textOf(policy['environment'])}" is now ` +
      `"${textOf(policy['mode'])}", and was "${textOf(data['previousMode'])}" before`
    )
  },
  'deployment.created'(data) {
    const { version } = factsOf(data['deployment'])
    return `Version ${textOf(version)} of ${placeOf(data)} went live`
  },
  'deployment.refused'(data) {
    const { pipeline, violations } = data
    const rules = listOf(violations).map((violation) => textOf(factsOf(violation)['rule']))
    const of =
      pipeline === undefined
        ? `from the deployment ${textOf(factsOf(data['deployment'])['id'])}`
        : `of the pipeline "${textOf(pipeline)}"`
    return `A deployment ${of} was refused: ${named(rules)}`
  },
  'deployment.ended': (data) => `The deployment of ${placeOf(data)} was ended`,
  'probe.alarm': (data) =>
    `The deployment of ${placeOf(data)} admits callers without the credentials that it requires: ` +
    named(listOf(data['routes']).map((route) => textOf(route, ROUTE_CHARS_MAX))),
  'member.added'(data) {
    const { name, roles } = factsOf(data['member'])
    return `${textOf(name)} became a member, with the roles: ${named(listOf(roles).map((role) => textOf(role)))}`
  },
  'member.removed': (data) => `${textOf(factsOf(data['member'])['name'])} is no longer a member`,
}

function keyOf(data: Facts): string {
  const { name, id } = factsOf(data['key'])
  return `The key "${textOf(name)}" (${textOf(id)})`
}

function externalKeyOf(data: Facts): string {
  const { label, owner } = factsOf(data['externalKey'])
  const labelled = typeof label === 'string' && label !== '' ? ` "${textOf(label)}"` : ''
  return `The external key${labelled} (${externalIdOf(data)}) of the organization "${textOf(factsOf(owner)['slug'])}"`
}

function externalIdOf(data: Facts): string {
  return textOf(factsOf(data['externalKey'])['id'])
}

function placeOf(data: Facts): string {
  const { pipeline, environment } = factsOf(data['deployment'])
  return `the pipeline "${textOf(pipeline)}" in the environment "${textOf(environment)}"`
}

function ageScopeOf({ environment }: Facts): string {
  const where =
    environment === null ? 'without an environment' : `in the environment "${textOf(environment)}"`
  return `The policy about the age of keys ${where}`
}

function ageOf({ rotationReminderDays, maxLifetimeDays }: Facts): string {
  const reminder =
    rotationReminderDays === null ? 'no reminder' : `a reminder after ${daysOf(rotationReminderDays)}`
  const longest =
    maxLifetimeDays === null ? 'no maximum lifetime' : `a maximum lifetime of ${daysOf(maxLifetimeDays)}`
  return `${reminder}, and ${longest}`
}

function daysOf(count: unknown): string {
  if (typeof count !== 'number') return 'an unknown time'
  return count === 1 ? '1 day' : `${count} days`
}

/** The first of several names, and how many more there are. */
function named(names: readonly string[]): string {
  const more = names.length - NAMED_MAX
  const first = names.slice(0, NAMED_MAX).join(', ')
  if (names.length === 0) return 'none'
  return more > 0 ? `${first} and ${more} more` : first
}

function factsOf(value: unknown): Facts {
  return typeof value === 'object' && value !== null ? (value as Facts) : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function textOf(value: unknown, charsMax?: number): string {
  if (typeof value !== 'string') return 'unknown'
  return PLAIN.test(value) && value.length <= ROUTE_CHARS_MAX ? value : nameInMail(value, charsMax)
}

/** @param time in RFC 3339 */
function timeOf(time: unknown): string {
  return typeof time === 'string' ? timeInMail(Date.parse(time)) : 'an unknown time'
}
