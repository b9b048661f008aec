import { WEBHOOK_EVENTS, WEBHOOK_URL_CHARS_MAX, type WebhookEventType } from '@sallyport/core'
import { parseAddress } from '../../address/address-set.ts'
import { webhookSecretContext } from '../../crypto/seal-contexts.ts'
import type { WebhookReader, WebhookRow } from '../../store/port/webhooks/webhooks.ts'
import type { OperationContext } from '../access/context.ts'
import { NO_BOUNDS } from '../access/credential-bounds.ts'
import { permittedResource, requirePermission } from '../access/permission-checks.ts'
import { requireWithinBounds } from '../access/roles.ts'
import { outgoingUrlProblem } from '../outgoing-url.ts'
import type { FieldError } from '../refusals.ts'

/** What the Standard Webhooks specification recommends is 24 to 64 bytes. */
const SECRET_BYTES = 32
const SECRET_PREFIX = 'whsec_'

/** A webhook without its secrets. */
export type WebhookFacts = Omit<WebhookRow, 'sealedSecret' | 'sealedPreviousSecret'>

export interface WebhookWithSecret {
  readonly webhook: WebhookFacts
  /** Shown only once: `whsec_` and Base64. */
  readonly secret: string
}

export function webhookFacts(row: WebhookRow): WebhookFacts {
  const { sealedSecret: _secret, sealedPreviousSecret: _previous, ...facts } = row
  return facts
}

/** A webhook in the audit log. Of its URL only the origin: the rest may hold a secret of the receiver. */
export function auditedWebhook(row: WebhookFacts): Record<string, unknown> {
  const { id, url, events, active, previousSecretEndsAtMs } = row
  return { id, origin: new URL(url).origin, events, active, previousSecretEndsAtMs }
}

/** Makes a secret, and seals it for its webhook. */
export function newSecret(
  { randomBytes, sealer }: Pick<OperationContext, 'randomBytes' | 'sealer'>,
  webhook: Pick<WebhookRow, 'organization' | 'id'>,
): { readonly secret: string; readonly sealed: string } {
  const secret = SECRET_PREFIX + Buffer.from(randomBytes(SECRET_BYTES)).toString('base64')
  return { secret, sealed: sealer.seal(secret, webhookSecretContext(webhook)) }
}

/**
 * Requires that the actor may have these events sent anywhere: it may read what they tell everywhere in the organization,
 * and for good, since the webhook remains when the actor is gone.
 *
 * @throws Problem `permission_missing`
 */
export function requireReadable(
  context: OperationContext,
  organization: string,
  events: readonly WebhookEventType[],
): void {
  for (const permission of new Set(events.map((type) => WEBHOOK_EVENTS[type]))) {
    requirePermission(context, organization, permission)
  }
  requireWithinBounds(context, 'webhooks.write', NO_BOUNDS)
}

/**
 * The problems of a URL. A name is not looked up: the answer would tell which names exist in the network of the server. It
 * is checked at each connection.
 */
export function urlErrors({ mayCall }: Pick<OperationContext, 'mayCall'>, url: string): FieldError[] {
  const problem =
    outgoingUrlProblem(url, WEBHOOK_URL_CHARS_MAX, 'any host on the path could read the events') ??
    addressProblem(mayCall, new URL(url).hostname)
  return problem === undefined ? [] : [{ path: '/url', message: problem }]
}

function addressProblem(mayCall: OperationContext['mayCall'], hostname: string): string | undefined {
  const host = hostname.replace(/^\[|\]$/g, '')
  const isRefused = parseAddress(host) !== undefined && !mayCall(host)
  const isLocal = /(^|\.)localhost\.?$/.test(host) && !mayCall('127.0.0.1')
  return isRefused || isLocal
    ? 'Use a URL with a public address. The operator can allow others with SALLYPORT_UPSTREAM_ALLOW.'
    : undefined
}

/**
 * The webhook with this id, if the actor has the permission on it.
 *
 * @throws Problem `not_found`, `permission_missing`
 */
export async function permittedWebhook(
  context: OperationContext,
  reader: WebhookReader,
  organization: string,
  id: string,
  permission: 'webhooks.read' | 'webhooks.write',
): Promise<WebhookRow> {
  return await permittedResource(
    context,
    permission,
    { organization, name: `webhook "${id}"`, read: ['webhooks.read'], targetOf: () => ({}) },
    async () => await reader.get(organization, id),
  )
}
