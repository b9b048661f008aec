import { z } from 'zod'
import { pageOf, pageQuery } from './fields/paging.ts'
import { timestamp, timestampToMs } from './fields/timestamp.ts'

/** The characters of an actor, an action or a target at most. */
const FACT_CHARS_MAX = 300

/** Visible ASCII characters: what actors, actions and targets consist of. */
const fact = z
  .string()
  .min(1)
  .max(FACT_CHARS_MAX)
  .regex(/^[\x21-\x7e]*$/, 'Use visible ASCII characters.')

export const auditFilter = pageQuery.extend({
  actor: fact.optional().describe('Only events of this actor: the id of a key or of a member, or `setup`.'),
  action: fact
    .regex(
      /^([a-z-]+\.\*|[^*]*)$/,
      'Use an action, such as keys.create, or a resource and an asterisk for all of its actions, such as keys.*.',
    )
    .optional()
    .describe('Only this action, such as `keys.create`, or all actions of a resource: `keys.*`.'),
  target: fact
    .regex(
      /^([a-z-]+\/|.*[^/])$/,
      'Use a target, such as key/key_4fT0Qm2ZrX9bLk7A, or a kind and a slash for all targets of the kind, such as key/.',
    )
    .optional()
    .describe('Only this target, such as `key/key_4fT0Qm2ZrX9bLk7A`, or all targets of a kind: `key/`.'),
  from: timestampToMs.optional().describe('Only events at this time or later.'),
  to: timestampToMs.optional().describe('Only events before this time.'),
})

export const auditEvent = z.object({
  sequence: z.int().describe('The number of the event in the organization: 1, 2, 3, and so on without gaps.'),
  at: timestamp.describe('When it happened.'),
  actor: z
    .string()
    .describe(
      'Who did it: the id of a key or a person, `setup`, `rotation`, which rolls keys on their schedule, or `housekeeping`, which removes what has expired.',
    ),
  action: z.string().describe('What was done, such as `keys.create`.'),
  target: z.string().describe('To what, as kind and id, such as `key/key_4fT0Qm2ZrX9bLk7A`.'),
  before: z.unknown().describe('The target before the change, without secrets; null if it did not exist.'),
  after: z.unknown().describe('The target after the change, without secrets; null if it no longer exists.'),
  previousHash: z.string().describe('The `hash` of the event before; 64 zeros for the first one.'),
  hash: z.string().describe('SHA-256 over `previousHash` and this event, in hexadecimal.'),
})

const auditKey = z.object({
  id: z.string().describe('`keyId` of the checkpoints that it signs.'),
  algorithm: z.literal('Ed25519').describe('The signature algorithm (RFC 8032).'),
  publicKey: z
    .string()
    .describe('The public key as PEM, for `npm run audit -- verify FILE --public-key KEY_FILE`.'),
  fingerprint: z.string().describe('SHA-256 over the DER form of the public key, in hexadecimal.'),
  createdAt: timestamp.describe('When the key was made.'),
})

export const auditKeyList = pageOf(auditKey)
