import {
  FRESHNESS,
  GRACE_SECONDS_MAX,
  parseGraceSeconds,
  PERMISSIONS,
  ROLES_PER_KEY_MAX,
} from '@sallyport/core'
import { z } from 'zod'
import { handOverCreated, handOverTerms } from './keys/hand-overs.ts'
import { rotation } from './keys/rotations.ts'
import { addressRules } from './fields/address-rules.ts'
import { createdAt, createdBy } from './fields/creation.ts'
import { labels, labelsAnswer } from './fields/labels.ts'
import { reference, title } from './fields/names.ts'
import { documentedInteger, parsed } from './fields/parsed.ts'
import { keyRateLimits, rateLimit } from './fields/rate-limits.ts'
import { timestamp, timestampToMs } from './fields/timestamp.ts'
import { receipt } from './receipt.ts'
import { defaults } from './requests/null-members.ts'

const TOKEN_CHARS_MAX = 512
const METHOD_CHARS_MAX = 32
/** As many characters as a gateway reads of a JWT, and of a request target. */
const JWT_CHARS_MAX = 8192
/** The longest name of a host, with its final dot and a port. */
const HOST_CHARS_MAX = 260
const PATH_CHARS_MAX = 8192
const BASIC_CHARS_MAX = 256

const roles = z
  .array(reference)
  .max(ROLES_PER_KEY_MAX)
  .describe('The roles whose permissions the key has. You can only give permissions that you have.')
const expiresAt = timestampToMs.nullable().describe('When the key expires; null for never.')

/** What limits a key besides its permissions. */
export const keyBounds = z.strictObject({
  expiresAt: expiresAt.optional(),
  addressRules: addressRules
    .optional()
    .describe('The addresses and ranges from which the key works; empty for all.'),
  rateLimits: keyRateLimits.optional().describe('The rate limits of the key; empty for none.'),
})

export const keyCreation = z.strictObject({
  name: title.describe('The name for people to read. Spaces at its ends are removed.'),
  type: z
    .enum(['public', 'secret'])
    .describe('A public key may be published and has no roles; a secret key is shown only once.'),
  environment: reference
    .nullable()
    .optional()
    .describe('The only environment in which the key works. Default: all of them.'),
  consumer: reference.nullable().optional().describe('The id of the consumer that owns the key.'),
  roles: roles.optional(),
  ...keyBounds.shape,
  labels: labels.optional().describe('The labels of the key, by name. Default: none.'),
  handOver: handOverTerms.optional(),
})

export const keyChange = z.strictObject({
  name: title.optional().describe('The name for people to read. Spaces at its ends are removed.'),
  status: z
    .enum(['active', 'inactive'])
    .register(defaults, { value: 'active' })
    .optional()
    .describe('`inactive` makes every gateway reject the key until it is `active` again.'),
  roles: roles.optional(),
  ...keyBounds.shape,
  labels: labels.optional().describe('All labels that the key has afterwards, by name.'),
})

const rollTerms = z.strictObject({
  graceSeconds: parsed(documentedInteger({ minimum: 0, maximum: GRACE_SECONDS_MAX }), parseGraceSeconds)
    .optional()
    .describe('How long the old secret still works, in seconds. Default: 12 hours.'),
})

/** The body of a roll; optional. */
export const keyRoll = rollTerms.extend({ handOver: handOverTerms.optional() }).nullish()

/** The body of a roll of the key that calls, which needs the token itself; optional. */
export const ownKeyRoll = rollTerms.nullish()

const secret = z.object({
  hint: z.string().describe('The start of the token and four characters of its secret, to recognize it.'),
  createdAt: timestamp.describe('When the secret was created.'),
  expiresAt: timestamp
    .nullable()
    .describe('When the grace of a rolled secret ends; null for the current secret.'),
  requests: z
    .int()
    .describe(
      'The requests with this secret, or with a JWT that was obtained with it, that gateways have decided, also by `/authz`, allowed or refused. A refusal counts only if the key itself was valid. Calls of the management API, `verify` and CORS preflights do not count. Gateways add their counts once a second.',
    ),
  lastUsedAt: timestamp.nullable().describe('When the last of these requests came; null for none.'),
  lastUsedAddress: z
    .string()
    .nullable()
    .describe('From which IP address; null for none, or if it is unknown.'),
})

export const key = z
  .object({
    id: z.string().describe('The id of the key. It is not secret.'),
    name: z.string().describe('The name for people to read. Spaces at its ends are removed.'),
    type: z
      .enum(['public', 'secret'])
      .describe('A public key may be published; a secret key is shown only once.'),
    environment: z
      .string()
      .nullable()
      .describe('The only environment in which the key works; null for all of them.'),
    consumer: z
      .string()
      .nullable()
      .describe(
        'The id of the consumer that owns the key; null for a key of the organization. A deleted key keeps it, even if the consumer is removed.',
      ),
    roles: z.array(z.string()).describe('The roles whose permissions the key has.'),
    state: z
      .enum(['active', 'rolling', 'inactive', 'expired', 'deleted'])
      .describe('Whether the key works now. `rolling`: it works with the old and with the new secret.'),
    status: z.enum(['active', 'inactive']).describe('Whether the key is switched on.'),
    createdAt,
    createdBy,
    expiresAt: timestamp.nullable().describe('When the key expires; null for never.'),
    secrets: z.array(secret).describe('The secrets of the key, oldest first, without their tokens.'),
    freshness: z
      .enum(FRESHNESS)
      .describe(
        'Whether the current secret should be rolled, by the `rotationReminderDays` of its policy: `due` when it is so old, `overdue` 90 days later.',
      ),
    lifetimeEndsAt: timestamp
      .nullable()
      .describe('When the `maxLifetimeDays` of its policy end the current secret; null without a maximum.'),
    warnings: z
      .array(
        z.object({
          code: z
            .enum(['expires', 'lifetime_ends'])
            .describe('`expires`: by `expiresAt`. `lifetime_ends`: by the policy about age.'),
          endsAt: timestamp.describe('When the key stops.'),
          message: z.string().describe('What to do about it.'),
        }),
      )
      .describe('One warning from 30 days before a working key stops, by `expiresAt` or `lifetimeEndsAt`.'),
    addressRules: z
      .array(z.string())
      .describe('The addresses and ranges from which the key works; empty for all.'),
    rateLimits: z.array(rateLimit).describe('The rate limits of the key; empty for none.'),
    labels: labelsAnswer.describe('The labels of the key, by name, without those of its consumer.'),
  })
  .describe('The key.')

/** A key with the name of its consumer. */
const keyWithConsumer = key
  .extend({
    consumerName: z
      .string()
      .nullable()
      .describe(
        'The name of the consumer, for a deleted key even if the consumer is removed; null for a key of the organization, and if you may not read the consumers of the environment.',
      ),
  })
  .describe('The key.')

/** A key in a read; a public key includes its token. */
export const keyRead = keyWithConsumer.extend({
  token: z.string().optional().describe('Only for a public key.'),
})

const seen = z.object({
  value: z.string().describe('The address, or what the caller calls itself.'),
  requests: z.int().describe('The requests with it since the roll began.'),
  lastUsedAt: timestamp.describe('When the last of them came.'),
})

const liveSecret = z.object({
  hint: z.string().describe('The `hint` of the secret.'),
  requestsLastHour: z.int().describe('The requests with it in the last hour.'),
  lastUsedAt: timestamp.nullable().describe('When it was used last; null for never.'),
  addresses: z.array(seen).describe('The last 20 addresses that it was used from, the newest first.'),
  userAgents: z.array(seen).describe('The last 20 `User-Agent`s that it was used by, the newest first.'),
})

/** A roll in progress. */
export const rollProgress = z.object({
  endsAt: timestamp.describe('When the old secret ends by itself.'),
  safeToFinish: z
    .boolean()
    .describe(
      'Whether the old secret has been quiet for `quietSeconds`, and the new one was used or the old one never was.',
    ),
  reason: z
    .enum(['old_secret_in_use', 'new_secret_not_used'])
    .nullable()
    .describe('Why it is not safe; null if it is.'),
  quietSeconds: z.int().describe('How long the old secret must be quiet, in seconds.'),
  secrets: z.array(liveSecret).describe('The old secret, then the new one.'),
})

/** One key in a read, with the roll in progress and its rotation. */
export const keyWithRoll = keyRead.extend({
  roll: rollProgress.nullable().describe('How the roll goes on; null if the key is not rolling.'),
  rotation: rotation.nullable().describe('How the key rolls on a schedule; null if it does not.'),
})

export const keyCreated = z.object({
  key,
  token: z
    .string()
    .optional()
    .describe('The token; that of a secret key is shown only once. Left out with `handOver`.'),
  handOver: handOverCreated
    .optional()
    .describe('The link that shows the token, if the request asked for one.'),
})

/** The response to a roll, which ends the old secret at once if there is no grace. */
export const keyRolled = keyCreated.extend({ receipt })

export const keyChanged = z.object({ key, receipt })

export const rotationSet = z.object({ rotation: rotation.describe('The rotation.'), receipt })

/** The body of a look-up of a token. */
export const keyLookup = z.strictObject({
  token: z.string().min(1).max(TOKEN_CHARS_MAX).describe('The whole token. It is neither kept nor logged.'),
})

export const lookedUpKey = z.object({
  key: keyWithConsumer,
  state: key.shape.state,
  code: z
    .string()
    .nullable()
    .describe(
      'The code that every gateway refuses this token with now, such as `key_outdated` for an old secret; null if none does. A pipeline can still refuse it, as can address rules and limits.',
    ),
})

/** The body of a verification: credentials, and the call that they are checked against. */
export const verifyRequest = z.strictObject({
  token: z.string().min(1).max(TOKEN_CHARS_MAX).optional().describe('The token of an API key.'),
  jwt: z.string().min(1).max(JWT_CHARS_MAX).optional().describe('A JWT of the caller.'),
  basic: z
    .strictObject({
      username: z.string().min(1).max(BASIC_CHARS_MAX).describe('The username.'),
      password: z.string().max(BASIC_CHARS_MAX).describe('The password.'),
    })
    .optional()
    .describe('Basic credentials of the caller.'),
  environment: reference.optional().describe('Needed with jwt, basic, pipeline and path.'),
  pipeline: reference.optional().describe('The name of the pipeline that is called.'),
  permission: z.enum(PERMISSIONS).optional().describe("A permission that the key's roles must include."),
  method: z
    .string()
    .max(METHOD_CHARS_MAX)
    .regex(/^[A-Za-z]+$/, 'A method consists of letters.')
    .optional()
    .describe(
      'The HTTP method of the call. Left out, any method of the pipeline; of a path, the first one in alphabetical order.',
    ),
  path: z
    .string()
    .max(PATH_CHARS_MAX)
    .regex(/^\//, 'A path starts with "/".')
    .optional()
    .describe('The path of the call within the environment, such as /orders/7.'),
  host: z
    .string()
    .max(HOST_CHARS_MAX)
    .optional()
    .describe(
      'The host of the call, which belongs to the environment, such as orders.example.com; left out for the path of the environment on other hosts. Pipelines with `hosts` are reached only at them.',
    ),
  address: z
    .union([z.ipv4(), z.ipv6()], { error: 'Use an IPv4 or IPv6 address.' })
    .optional()
    .describe("The caller's address, for the address rules of the key."),
})

export const verifyAnswer = z.object({
  valid: z.boolean().describe('Whether a gateway would accept the credentials for the call.'),
  code: z.string().describe('`valid`, or the code of the refusal.'),
  missing: z
    .array(z.enum(['token', 'jwt', 'basic', 'address']))
    .optional()
    .describe('The fields of the request that the pipeline or the key demands and that were not sent.'),
  key: z
    .object({
      id: z.string().describe('The id of the key.'),
      type: z.enum(['public', 'secret']).describe('The type of the key.'),
      environment: z.string().nullable().describe('The only environment in which it works; null for all.'),
      labels: labelsAnswer.describe('Its own labels, by name; none of a key of another organization.'),
    })
    .optional()
    .describe(
      'Present if the token contains a secret of a key that you may know about, even if the key is refused.',
    ),
  consumer: z
    .object({ id: z.string().describe('The id of the consumer.') })
    .nullable()
    .optional()
    .describe('The consumer that the credentials identify; null for none.'),
  organization: z.string().optional().describe('The organization that owns the key.'),
  roles: z.array(z.string()).optional().describe('The roles of the key in this organization.'),
  asOfRevision: z.int().describe('The newest change that the answer takes into account.'),
})
