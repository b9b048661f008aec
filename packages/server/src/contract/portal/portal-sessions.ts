import {
  parsePortalSeconds,
  PORTAL_SCOPES,
  PORTAL_SECONDS_MAX,
  PORTAL_SECONDS_MIN,
  type Parsed,
  type PortalScope,
} from '@sallyport/core'
import { z } from 'zod'
import { createdAt, createdBy } from '../fields/creation.ts'
import { documentedInteger, documentedString, parsed } from '../fields/parsed.ts'
import { planLimit } from '../fields/rate-limits.ts'
import { color } from '../organizations.ts'
import { timestamp } from '../fields/timestamp.ts'
import { parseReturnUrl, RETURN_URL_CHARS_MAX } from './return-url.ts'

const scope = z.enum(PORTAL_SCOPES)
const scopeList = z.array(scope)

export const portalSessionCreation = z.strictObject({
  scopes: parsed(
    scopeList.min(1, 'Name at least one scope.').max(PORTAL_SCOPES.length, 'Name each scope once.'),
    (scopes): Parsed<readonly PortalScope[]> =>
      new Set(scopes).size === scopes.length
        ? { ok: true, value: scopes }
        : { ok: false, problem: 'Name each scope once.' },
  ).describe(
    'What the session allows, for this consumer only. `keys.roll` includes to finish and to undo a roll. You need the permission of each, in the environment of the consumer.',
  ),
  returnUrl: parsed(documentedString({ maxLength: RETURN_URL_CHARS_MAX }), parseReturnUrl)
    .optional()
    .describe('Where the page leads back to: an https URL, or plain http on localhost.'),
  expiresInSeconds: parsed(
    documentedInteger({ minimum: PORTAL_SECONDS_MIN, maximum: PORTAL_SECONDS_MAX }),
    parsePortalSeconds,
  )
    .optional()
    .describe(
      'How long the link and the session work, in seconds from now. Default: an hour. They end with the key that calls at the latest.',
    ),
})

const id = z.string().describe('The id of the portal session.')
const expiresAt = timestamp.describe('When the link and the session end.')

export const portalSessionCreated = z.object({
  id,
  link: z
    .string()
    .describe('Opens the session, once. Shown here only once; send it to the consumer’s people.'),
  expiresAt,
})

const issuedScopes = scopeList.describe('What its issuer allowed.')
const returnUrl = z.string().nullable().describe('Where the page leads back to; null for nowhere.')

export const portalSession = z.object({
  id,
  consumer: z.string().describe('The id of the consumer.'),
  environment: z.string().describe('The environment of the consumer.'),
  scopes: issuedScopes,
  returnUrl,
  state: z
    .enum(['pending', 'open', 'expired', 'ended'])
    .describe(
      '`pending`: the link was not opened yet. `ended`: withdrawn, left, or its consumer was removed.',
    ),
  createdAt,
  createdBy,
  expiresAt,
  openedAt: timestamp.nullable().describe('When the link was opened; null if it was not.'),
  endedAt: timestamp.nullable().describe('When it ended or expired; null if it has not.'),
  address: z.string().nullable().describe('From which IP address it was opened; null if it was not.'),
  userAgent: z.string().nullable().describe('By which `User-Agent` it was opened, as far as it sent one.'),
})

const organization = z
  .object({
    slug: z.string().describe('The slug of the organization.'),
    name: z.string().describe('The name of the organization.'),
    color,
  })
  .describe('The organization of the consumer.')

/** What the people of a consumer are told about their session. */
export const portal = z.object({
  organization,
  consumer: z
    .object({
      id: z.string().describe('The id of the consumer.'),
      name: z.string().describe('The name of the consumer.'),
    })
    .describe('The consumer whose keys the session is about.'),
  plan: z
    .object({
      name: z.string().describe('The name of the plan.'),
      title: z.string().nullable().describe('Its name for people to read, in any script; null for none.'),
      rateLimits: z.array(planLimit).describe('Its rate limits; empty for none.'),
    })
    .nullable()
    .describe('The plan that limits the consumer; null for none.'),
  scopes: scopeList.describe('What the session allows now: what its issuer allowed and still may do.'),
  returnUrl,
  expiresAt: timestamp.describe('When the session ends.'),
  csrfToken: z
    .string()
    .describe('For `x-csrf-token`, which only a POST without a JSON body from a program needs.'),
})
