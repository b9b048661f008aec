import type { IssuerRow } from '../../store/port/issuers.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { requireIssuers } from '../access/permitted-issuer.ts'
import { issuerNameProblem, stringOrUriProblem } from './issuer-names.ts'
import { jwksUrlProblem } from './jwks-url.ts'
import { newId } from '../new-id.ts'
import { readPastedJwks } from './pasted-jwks.ts'
import type { FieldError } from '../refusals.ts'
import { conflict, requireNone } from '../refusals.ts'

/** The most issuers that an environment trusts: the keys of each are kept by every gateway. */
export const ISSUERS_PER_ENVIRONMENT_MAX = 20
/** The most audiences of one issuer. */
const AUDIENCES_MAX = 20

export interface CreateIssuerInput {
  readonly organization: string
  readonly environment: string
  /** What its tokens have in `iss`. */
  readonly issuer: string
  /** One of them must be in the `aud` of a token. */
  readonly audiences: readonly string[]
  /** Where its keys are fetched; either this or `jwks`. */
  readonly jwksUrl?: string | null | undefined
  /** A JWK Set (RFC 7517 section 5) whose keys are not looked at yet. */
  readonly jwks?: { readonly keys: readonly unknown[] } | null | undefined
}

/**
 * Trusts an issuer: its tokens are accepted in the environment from now on.
 *
 * @throws Problem `invalid_request` with every key that cannot be used; `conflict` when the environment trusts that
 *   issuer already, or too many
 */
export async function createIssuer(context: OperationContext, input: CreateIssuerInput): Promise<IssuerRow> {
  const { organization, environment, issuer, audiences } = input
  const jwksUrl = input.jwksUrl ?? null
  // Asked for twice: here, so that only who may do this has us look at keys; and below, where it holds to the commit.
  const { read } = context.store
  await requireIssuers(context, read.environments, organization, environment, 'signing-keys.write')
  const pasted = input.jwks ? await readPastedJwks('/jwks', input.jwks.keys) : undefined
  requireNone([...nameErrors(input), ...sourceErrors(input), ...(pasted?.errors ?? [])])
  const { value } = await context.store.write(async (tx) => {
    await requireIssuers(context, tx.environments, organization, environment, 'signing-keys.write')
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
      jwksUrl,
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
  const problem = issuerNameProblem(issuer)
  if (problem !== undefined) errors.push({ path: '/issuer', message: problem })
  if (audiences.length < 1 || audiences.length > AUDIENCES_MAX) {
    return [...errors, { path: '/audience', message: `An issuer has 1 to ${AUDIENCES_MAX} audiences.` }]
  }
  for (const [index, audience] of audiences.entries()) {
    const path = `/audience/${index}`
    const wrong = stringOrUriProblem(audience)
    if (wrong !== undefined) errors.push({ path, message: wrong })
    else if (audiences.indexOf(audience) < index) errors.push({ path, message: 'It is there twice.' })
  }
  return errors
}

function sourceErrors({ jwksUrl, jwks }: CreateIssuerInput): FieldError[] {
  const hasUrl = jwksUrl !== undefined && jwksUrl !== null
  if (hasUrl === (jwks !== undefined && jwks !== null)) {
    const message = 'An issuer has either jwksUrl, where its keys are fetched, or jwks, the keys themselves.'
    return [{ path: hasUrl ? '/jwks' : '/jwksUrl', message }]
  }
  const problem = hasUrl ? jwksUrlProblem(jwksUrl) : undefined
  return problem === undefined ? [] : [{ path: '/jwksUrl', message: problem }]
}
