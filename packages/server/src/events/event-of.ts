import {
  EXTERNAL_API_ACCESS,
  GRACE_SECONDS_DEFAULT,
  isWebhookAction,
  KEY_AGE,
  rotationSubject,
  WEBHOOK_EVENT_OF_ACTION,
  type KeyId,
  type WebhookAction,
  type WebhookEventType,
} from '@sallyport/core'
import type { AuditRow } from '../store/port/audit-events.ts'

type Facts = Readonly<Record<string, unknown>>

/** What webhooks and mails tell of one change. */
export interface OrganizationEvent {
  readonly type: WebhookEventType
  /** Events of one subject are delivered in their order. */
  readonly subject: string
  /** In the shapes of the management API; without secrets and without who acted. */
  readonly data: Facts
  /** The new secret that the event delivers. Left out by all other events. */
  readonly delivers?: DeliveredSecret
}

/** A new secret of a scheduled roll, which goes to one webhook only. What is sent of it is not in the audit log. */
export interface DeliveredSecret {
  /** The id of the webhook. */
  readonly webhook: string
  readonly organization: string
  readonly key: KeyId
  readonly secretSequence: number
}

interface Mapping {
  /** @returns undefined if this record is no event */
  readonly dataOf: (row: AuditRow) => Facts | undefined
  readonly deliveredOf?: (row: AuditRow) => DeliveredSecret
  /** The target of the record unless given. */
  readonly subjectOf?: (row: AuditRow) => string
}

/**
 * The event of an audit record; undefined if it has none. A change cannot happen without its audit record, so no event can
 * be forgotten or told without its change.
 */
export function eventOf(row: AuditRow): OrganizationEvent | undefined {
  const { action, organization } = row
  if (!isWebhookAction(action)) return undefined
  const { dataOf, deliveredOf, subjectOf = ({ target }) => target } = MAPPINGS[action]
  const data = dataOf(row)
  if (data === undefined) return undefined
  const type = WEBHOOK_EVENT_OF_ACTION[action]
  return {
    type,
    subject: subjectOf(row),
    data: { organization, ...data },
    ...(deliveredOf === undefined ? {} : { delivers: deliveredOf(row) }),
  }
}

const rolled = (row: AuditRow): Facts => {
  const { oldSecretExpiresAtMs } = factsOf(row.after)
  return { key: keyOf(row.after), oldSecretExpiresAt: timeOf(oldSecretExpiresAtMs) }
}

/** The end of a key. Records from before policies about age have only its expiry. */
function ending({ after }: AuditRow): Facts {
  const { endsAtMs, expiresAtMs } = factsOf(after)
  return { key: keyOf(after), endsAt: timeOf(endsAtMs ?? expiresAtMs) }
}

/** By the action of the audit record. */
const MAPPINGS: Readonly<Record<WebhookAction, Mapping>> = {
  'keys.create': { dataOf: ({ after }) => ({ key: keyOf(after) }) },
  'keys.roll': { dataOf: rolled },
  'keys.rotate': {
    dataOf: ({ after }) => ({ key: keyOf(after), graceSeconds: GRACE_SECONDS_DEFAULT }),
    deliveredOf: newSecretOf,
    subjectOf(row) {
      const { key, secretSequence } = newSecretOf(row)
      return rotationSubject(key, secretSequence)
    },
  },
  'keys.rotation.fail': {
    dataOf({ after }) {
      const { webhook, problem, nextAtMs } = factsOf(factsOf(after)['rotation'])
      return { key: keyOf(after), rotation: { webhook, problem, nextRotationAt: timeOf(nextAtMs) } }
    },
  },
  'keys.expiring': { dataOf: ending },
  'keys.expired': { dataOf: ending },
  'keys.old-secret-used': {
    dataOf: (row) => ({
      ...rolled(row),
      oldSecretLastUsedAt: timeOf(factsOf(row.after)['oldSecretLastUsedAtMs']),
    }),
  },
  'keys.leak': {
    dataOf: ({ after }) => ({ key: keyOf(after), leak: factsOf(after)['leak'] }),
  },
  'keys.delete': { dataOf: ({ after }) => ({ key: keyOf(after) }) },
  'external-keys.add': {
    dataOf: ({ after }) => ({ externalKey: externalKeyOf(after) }),
  },
  'external-keys.update': {
    dataOf: ({ after }) => ({ externalKey: externalKeyOf(after) }),
  },
  // The owner of the key has decided; the record has nothing else of the external key.
  'external-keys.allow': { dataOf: decidedByOwner },
  'external-keys.forbid': { dataOf: decidedByOwner },
  'external-keys.remove': {
    dataOf: ({ before }) => ({ externalKey: externalKeyOf(before) }),
  },
  'policies.save': {
    dataOf: ({ target, before, after, atMs }) => ({
      policy: {
        name: EXTERNAL_API_ACCESS,
        environment: target.split('/')[1],
        mode: factsOf(after)['mode'],
        version: factsOf(after)['version'],
        updatedAt: timeOf(atMs),
      },
      previousMode: factsOf(before)['mode'],
    }),
  },
  'policies.save-key-age': {
    dataOf: ({ before, after, atMs }) => ({
      policy: { name: KEY_AGE, ...keyAgeOf(after), updatedAt: timeOf(atMs) },
      previous: keyAgeOf(before),
    }),
  },
  'pipelines.deploy': deployed('deploy'),
  'pipelines.promote': deployed('promote'),
  'pipelines.rollback': deployed('rollback'),
  'pipelines.redeploy': deployed('redeploy'),
  'pipelines.undeploy': {
    dataOf: ({ before }) => ({ deployment: deploymentOf(before) }),
    subjectOf: ({ before }) => laneOf(before),
  },
  'deployments.refused': {
    dataOf({ target, after }) {
      const { code, dryRun, violations } = factsOf(after)
      if (code !== 'deployment_refused' || dryRun === true) return undefined
      const [kind = '', name = ''] = target.split('/')
      return { [kind]: kind === 'deployment' ? { id: name } : name, violations: violations ?? [] }
    },
  },
  'deployments.alarm': {
    dataOf({ target, after }) {
      const { pipeline, environment, routes } = factsOf(after)
      return { deployment: { id: target.slice('deployment/'.length), pipeline, environment }, routes }
    },
    subjectOf: ({ after }) => laneOf(after),
  },
  'members.add': { dataOf: ({ after }) => ({ member: memberOf(after) }) },
  'members.remove': { dataOf: ({ before }) => ({ member: memberOf(before) }) },
}

function newSecretOf({ organization, after }: AuditRow): DeliveredSecret {
  const { id, rotation } = factsOf(after)
  const { webhook, secretSequence } = factsOf(rotation)
  return {
    webhook: String(webhook),
    organization,
    key: String(id) as KeyId,
    secretSequence: Number(secretSequence),
  }
}

/** A new deployment. The one that it replaces has ended with it. */
function deployed(by: string): Mapping {
  return {
    dataOf: ({ before, after }) => ({
      deployment: deploymentOf(after),
      by,
      replaced: before === null ? null : factsOf(before)['id'],
    }),
    subjectOf: ({ after }) => laneOf(after),
  }
}

function keyAgeOf(audited: unknown): Facts {
  const { environment, rotationReminderDays, maxLifetimeDays, version } = factsOf(audited)
  return { environment, rotationReminderDays, maxLifetimeDays, version }
}

function decidedByOwner({ target, after }: AuditRow): Facts {
  return {
    externalKey: { id: target.slice('external-key/'.length) },
    allowedByOwner: factsOf(after)['allowed'],
  }
}

function factsOf(value: unknown): Facts {
  return typeof value === 'object' && value !== null ? (value as Facts) : {}
}

function timeOf(atMs: unknown): string | null {
  return typeof atMs === 'number' ? new Date(atMs).toISOString() : null
}

function statusOf({ active }: Facts): 'active' | 'inactive' {
  return active === true ? 'active' : 'inactive'
}

function keyOf(audited: unknown): Facts {
  const key = factsOf(audited)
  const { id, name, type, environment, consumer, roles, createdBy, addressRules, rateLimits, labels } = key
  return {
    id,
    name,
    type,
    environment,
    consumer,
    roles,
    status: statusOf(key),
    createdAt: timeOf(key['createdAtMs']),
    createdBy,
    expiresAt: timeOf(key['expiresAtMs']),
    addressRules,
    rateLimits,
    // Records from before labels have none.
    labels: labels ?? {},
  }
}

function externalKeyOf(audited: unknown): Facts {
  const key = factsOf(audited)
  const { id, keyId, owner, label, roles, createdBy, addressRules, rateLimits } = key
  return {
    id,
    keyId,
    owner: { slug: owner },
    label,
    roles,
    addedAt: timeOf(key['createdAtMs']),
    addedBy: createdBy,
    status: statusOf(key),
    addressRules,
    rateLimits,
  }
}

function deploymentOf(audited: unknown): Facts {
  const { id, pipeline, version, environment } = factsOf(audited)
  return { id, pipeline, version, environment }
}

/** All deployments of a pipeline in an environment are one subject. */
function laneOf(audited: unknown): string {
  const { pipeline, environment } = factsOf(audited)
  return `deployments/${String(environment)}/${String(pipeline)}`
}

function memberOf(audited: unknown): Facts {
  const { id, email, name, roles } = factsOf(audited)
  return { id, email, name, roles }
}
