import {
  containsToken,
  GRACE_SECONDS_DEFAULT,
  GRACE_SECONDS_MAX,
  parseGraceSeconds,
  WEBHOOK_EVENT_TYPES,
  WEBHOOK_URL_CHARS_MAX,
} from '@sallyport/core'
import { z } from 'zod'
import { createdAt, createdBy } from '../fields/creation.ts'
import { documentedInteger, parsed } from '../fields/parsed.ts'
import { timestamp } from '../fields/timestamp.ts'
import { receipt } from '../receipt.ts'
import { defaults } from '../requests/null-members.ts'

const HOUR_SECONDS = 3600

/** The operation checks it, after its permission check. */
const url = z
  .string()
  .min(1)
  .max(WEBHOOK_URL_CHARS_MAX)
  .refine(
    (text) => !containsToken(text),
    'Do not put a token into the address: lists and the audit log show it. Remove it.',
  )
  .describe(
    'Where events are sent: an https URL. Its host must have a public address, unless the operator allows others.',
  )
const events = z
  .array(z.enum(WEBHOOK_EVENT_TYPES))
  .min(1)
  .max(WEBHOOK_EVENT_TYPES.length)
  .refine((types) => new Set(types).size === types.length, 'Name each event once.')
  .describe('The types of events that are sent. You must be able to read what they tell.')

export const webhookCreation = z.strictObject({ url, events })

export const webhookChange = z.strictObject({
  url: url.optional(),
  events: events.optional(),
  status: z
    .enum(['active', 'inactive'])
    .register(defaults, { value: 'active' })
    .optional()
    .describe('While it is `inactive`, events wait, for three days at most.'),
})

/** The body of a rotation; optional. */
export const webhookRotation = z
  .strictObject({
    graceSeconds: parsed(documentedInteger({ minimum: 0, maximum: GRACE_SECONDS_MAX }), parseGraceSeconds)
      .optional()
      .describe(
        `How long messages are signed with the previous secret too, in seconds; 0 ends it now. Default: ${GRACE_SECONDS_DEFAULT / HOUR_SECONDS} hours.`,
      ),
  })
  .nullish()

export const webhook = z.object({
  id: z.string().describe('The id of the webhook.'),
  url: z.string().describe('Where events are sent.'),
  events: z.array(z.enum(WEBHOOK_EVENT_TYPES)).describe('The types of events that are sent.'),
  status: z.enum(['active', 'inactive']).describe('Whether events are sent.'),
  previousSecretEndsAt: timestamp
    .nullable()
    .describe('Until when messages are signed with the previous secret too; null if there is none.'),
  createdAt,
  createdBy,
})

export const webhookWithSecret = webhook.extend({
  secret: z.string().describe('Signs the messages, by Standard Webhooks. It is shown only once.'),
})

export const webhookChanged = z.object({
  webhook: webhook.describe('The webhook after the change.'),
  receipt,
})

const attempt = z.object({
  at: timestamp.describe('When it began.'),
  durationMs: z.int().describe('How long it took, in ms.'),
  status: z.int().nullable().describe('The HTTP status of the answer; null if there was none.'),
  error: z
    .enum(['unreachable', 'tls_failed', 'connection_lost', 'timeout', 'internal', 'withdrawn'])
    .nullable()
    .describe('Why there was no answer; null if there was one.'),
})

export const delivery = z.object({
  id: z.string().describe('The id of the delivery, which is the `webhook-id` of its messages.'),
  type: z.enum(WEBHOOK_EVENT_TYPES).describe('The type of the event.'),
  happenedAt: timestamp.describe('When the event happened.'),
  state: z
    .enum(['pending', 'delivered', 'failed'])
    .describe('`failed`: it was given up. It can be replayed.'),
  nextAttemptAt: timestamp
    .nullable()
    .describe('When the next attempt is due, at the earliest; null unless it is `pending`.'),
  attemptCount: z.int().describe('How many attempts there were.'),
  attempts: z.array(attempt).describe('The newest 20 attempts, oldest first.'),
})
