import { ROLES_PER_KEY_MAX } from '@sallyport/core'
import { z } from 'zod'
import { createdAt, createdBy } from '../fields/creation.ts'
import { labels } from '../fields/labels.ts'
import { reference, title } from '../fields/names.ts'
import { pageQuery } from '../fields/paging.ts'
import { timestamp, timestampToMs } from '../fields/timestamp.ts'

const TOKEN_CHARS_MAX = 512
/** Without `sp_`: the hint of one of our own tokens begins so, and it says that the token was not imported. */
const HINT = /^(?!.*sp_)[^\p{C}\p{Z}]{1,64}$/u

/** One line of a file that is imported. Cells of CSV that are empty count as left out. */
export const importLine = z
  .strictObject({
    name: title,
    token: z.string().min(1).max(TOKEN_CHARS_MAX).optional(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/i, 'The SHA-256 of a token has 64 hexadecimal digits.')
      .optional(),
    hint: z
      .string()
      .regex(HINT, 'A hint has 1 to 64 printable characters without spaces, and not `sp_`.')
      .optional(),
    type: z.enum(['secret', 'public']).default('secret'),
    environment: reference.nullable().default(null),
    consumer: reference.nullable().default(null),
    roles: z.array(reference).max(ROLES_PER_KEY_MAX).default([]),
    status: z.enum(['active', 'inactive']).default('active'),
    expiresAt: timestampToMs.nullable().default(null),
    labels: labels.optional(),
  })
  .refine(({ token, sha256 }) => (token === undefined) !== (sha256 === undefined), {
    message: 'Give either a token or its sha256.',
  })

/** The columns of CSV, and the fields of NDJSON. */
export const IMPORT_FIELDS: readonly string[] = Object.keys(importLine.shape)

const listed = {
  id: z.string().describe('The id of the import.'),
  state: z
    .enum(['receiving', 'running', 'done', 'stopped', 'failed'])
    .describe(
      '`receiving`: the file arrives. `running`: its keys are made. `stopped`: it ended before its last line. `failed`: the server could not go on with it.',
    ),
  lines: z.int().nullable().describe('The lines with keys in the file; null while it arrives.'),
  read: z.int().describe('How many of these lines are done, with or without a problem.'),
  made: z.int().describe('How many keys were made.'),
  problemCount: z.int().describe('How many lines have a problem and made no key.'),
  createdAt,
  createdBy,
  endedAt: timestamp
    .nullable()
    .describe('When it was done, was stopped or has failed; null while it is under way.'),
}

/** The query of a list of imports. */
export const importsQuery = pageQuery.extend({
  sort: z
    .enum(['createdAt', '-createdAt'])
    .default('createdAt')
    .describe('The oldest first, or with `-` the newest first.'),
})

/** An import in a list. */
export const listedImport = z.object(listed).describe('The import, without its problems.')

export const keyImport = z
  .object({
    ...listed,
    problems: z
      .array(
        z.object({
          line: z.int().describe('The line in the file, from 1; 0 for a problem of the whole import.'),
          message: z.string().describe('The problem. It never contains a token.'),
        }),
      )
      .describe('The first 1,000 problems.'),
  })
  .describe('The import.')
