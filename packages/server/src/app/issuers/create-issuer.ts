import { AUDIENCES_PER_ISSUER_MAX, parseAudience, parseIssuerName } from '@sallyport/core'
import type { IssuerRow } from '../../store/port/issuers.ts'
import type { OperationContext } from '../access/context.ts'
import { NO_BOUNDS } from '../access/credential-bounds.ts'
import { requireIssuers } from '../access/permitted-issuer.ts'
import { requireWithinBounds } from '../access/roles.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { newId } from '../new-id.ts'
import type { FieldError } from '../refusals.ts'
import { conflict, requireNone } from '../refusals.ts'
import { jwksUrlProblem } from './jwks-url.ts'
import { readPastedJwks } from './pasted-jwks.ts'

/** The most issuers that an environment trusts: every gateway keeps the keys of each in memory. */
const ISSUERS_PER_ENVIRONMENT_MAX = 20

/**
 * The fields are parsed here and not at the edge, so that one response lists all of their problems together with those
 * of the pasted keys, and only to a permitted actor.
 */
export interface CreateIssuerInput {
  readonly organization: string
  readonly environment: string
  /** The `iss` of its tokens. */
  readonly issuer: string
  /** A token must have one of them in `aud`. */
  readonly audiences: readonly string[]
  /** The URL of its key set; either this or `jwks`. */
  readonly jwksUrl?: string | null | undefined
  /** A JWK Set (RFC 7517 section 5) with unchecked keys. */
  readonly jwks?: { readonly keys: readonly unknown[] } | null | undefined
}

/**
 * Trusts an issuer: the environment accepts its tokens from now on.
 *
 * @throws Problem `invalid_request` listing every invalid field and every unusable key; `conflict` if the environment
 *   trusts that issuer already, or too many issuers; `permission_missing` also for an actor whose own key ends or is
 *   limited, because an issuer's tokens are not
 */
export async function createIssuer(context: OperationContext, input: CreateIssuerInput): Promise<IssuerRow> {
  const { organization, environment, issuer, audiences } = input
  // Checked twice: here, so that only a permitted actor can make us import keys; and in the transaction, where the
  // result still holds at the commit.
  const { read } = context.store
  await requireIssuers(context, read.environments, organization, environment, 'signing-keys.write')
  // The issuer decides how long its tokens last, and who gets them.
  requireWithinBounds(context, 'signing-keys.write', NO_BOUNDS)
  const pasted = input.jwks ? await readPastedJwks('/jwks', input.jwks.keys) : undefined
  requireNone([...nameErrors(input), ...sourceErrors(input), ...(pasted?.errors ?? [])])
  const { value } = await context.store.write(async (tx) => {
    await requireIssuers(context, tx.environments, organization, environment, 'signing-keys.write')
    requireWithinBounds(context, 'signing-keys.write', NO_BOUNDS)
    const count = await tx.issuers.countOfEnvironment(organization, environment)
    if (count >= ISSUERS_PER_ENVIRONMENT_MAX) {
      throw conflict(
        `An environment trusts at most ${ISSUERS_PER_ENVIRONMENT_MAX} issuers. Remove one whose tokens are not used.`,
      )
    }
    const row: IssuerRow = {
      organization,
      environment,
      id: newId('iss', context.randomBytes),
      issuer,
      audiences,
      jwksUrl: input.jwksUrl ?? null,
      jwks: pasted?.jwks ?? null,
      createdAtMs: context.nowMs(),
      createdBy: context.actor.id,
    }
    await tx.issuers.insert(row)
    tx.audit(auditEntry(context, organization, 'issuers.create', `issuer/${row.id}`, { after: row }))
    return row
  })
  return value
}

function nameErrors({ issuer, audiences }: CreateIssuerInput): FieldError[] {
  const errors: FieldError[] = []
  const name = parseIssuerName(issuer)
  if (!name.ok) errors.push({ path: '/issuer', message: name.problem })
  if (audiences.length < 1 || audiences.length > AUDIENCES_PER_ISSUER_MAX) {
    const message = `An issuer has 1 to ${AUDIENCES_PER_ISSUER_MAX} audiences.`
    return [...errors, { path: '/audience', message }]
  }
  for (const [index, text] of audiences.entries()) {
    const path = `/audience/${index}`
    const audience = parseAudience(text)
    if (!audience.ok) errors.push({ path, message: audience.problem })
    else if (audiences.indexOf(text) < index) errors.push({ path, message: 'This audience is a duplicate.' })
  }
  return errors
}

function sourceErrors({ jwksUrl, jwks }: CreateIssuerInput): FieldError[] {
  const hasUrl = jwksUrl !== undefined && jwksUrl !== null
  if (hasUrl === (jwks !== undefined && jwks !== null)) {
    const message = 'Send either jwksUrl, from which the keys are fetched, or jwks with the keys themselves.'
    return [{ path: hasUrl ? '/jwks' : '/jwksUrl', message }]
  }
  const problem = hasUrl ? jwksUrlProblem(jwksUrl) : undefined
  return problem === undefined ? [] : [{ path: '/jwksUrl', message: problem }]
}
