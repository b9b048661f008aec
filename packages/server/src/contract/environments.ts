import { ENVIRONMENTS_MAX, parseEnvironmentPosition, WHEN_STALE } from '@sallyport/core'
import { z } from 'zod'
import { resourceName } from './fields/names.ts'
import { documentedInteger, parsed } from './fields/parsed.ts'
import { createdAt } from './fields/creation.ts'
import { receipt } from './receipt.ts'
import { defaults } from './requests/null-members.ts'

const position = parsed(
  documentedInteger({ minimum: 0, maximum: ENVIRONMENTS_MAX - 1 }).describe(
    'The index in promotion order; 0 is the first environment.',
  ),
  parseEnvironmentPosition,
)

const requiresPrevious = z
  .boolean()
  .describe(
    'Whether a version can go live here only if it is live in the environment before this one. It has no effect on the first environment, and none on a rollback.',
  )

const whenStale = z
  .enum(WHEN_STALE)
  .describe(
    'What a gateway without a database does with calls once it is cut off and its lease is over: `serve` decides on by what it knows and reports its age, `refuse` answers 503 `snapshot_stale`. A gateway that uses the database refuses in either case.',
  )

export const environmentCreation = z.strictObject({
  name: resourceName.describe('The name, unique within the organization.'),
  position: position.optional(),
  requiresPrevious: requiresPrevious.optional(),
  whenStale: whenStale.optional(),
})

export const environmentChange = z
  .strictObject({
    position: position.register(defaults, { value: ENVIRONMENTS_MAX - 1 }).optional(),
    requiresPrevious: requiresPrevious.register(defaults, { value: false }).optional(),
    whenStale: whenStale.register(defaults, { value: 'serve' }).optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    message: 'Give at least one of `position`, `requiresPrevious` and `whenStale`.',
  })

export const environment = z
  .object({
    name: z.string().describe('The name, unique within the organization.'),
    position: z.int().describe('The index in promotion order; 0 is the first environment.'),
    requiresPrevious,
    whenStale,
    createdAt,
  })
  .describe('The environment.')

export const environmentChanged = z.object({ environment, receipt })
