import { LIFETIME_DAYS_MAX, parseLifetimeDays, ROTATION_REMINDER_DAYS } from '@sallyport/core'
import { z } from 'zod'
import { documentedInteger, parsed } from '../fields/parsed.ts'
import { timestamp } from '../fields/timestamp.ts'
import { receipt } from '../receipt.ts'

const rotationReminderDays = z
  .literal(ROTATION_REMINDER_DAYS, { error: 'Use 90 or 180, or null for no reminder.' })
  .nullable()
  .describe('After how many days a secret is `due` to be rolled; null for no reminder.')
const maxLifetimeDays = 'For how many days after its creation a secret works; null for no limit.'

export const keyAgeChange = z.strictObject({
  rotationReminderDays,
  maxLifetimeDays: parsed(documentedInteger({ minimum: 1, maximum: LIFETIME_DAYS_MAX }), parseLifetimeDays)
    .nullable()
    .describe(maxLifetimeDays),
  dryRun: z.boolean().default(false).describe('Report the affected keys without changing the policy.'),
})

export const keyAge = z.object({
  rotationReminderDays,
  maxLifetimeDays: z.int().nullable().describe(maxLifetimeDays),
  version: z.int().describe('0 as long as the policy was never set, then one more for each change.'),
  updatedAt: timestamp.nullable().describe('When it was set last; null for never.'),
  updatedBy: z
    .string()
    .nullable()
    .describe('Who set it: the id of a key or a member; null as long as it was never set.'),
})

export const keyAgeChanged = keyAge.extend({
  affected: z
    .array(
      z.object({
        key: z.string().describe('The id of the key.'),
        name: z.string().describe('The name of the key.'),
        consumer: z.string().nullable().describe('The id of the consumer that owns it; null for none.'),
        stopsAt: timestamp.describe(
          'When its current secret stops, unless it is rolled before; in the past for a key that stops at once.',
        ),
      }),
    )
    .describe(
      'The first 100 keys that work now and that the new maximum ends earlier than before, in the order in which they stop. Empty without the permission `keys.read` for them.',
    ),
  affectedTotal: z.int().describe('How many of them there are; 10,000 if there are more.'),
  affectedTotalIsExact: z.boolean().describe('Whether `affectedTotal` is all of them.'),
  receipt: receipt.optional().describe('Absent after a dry run.'),
})
