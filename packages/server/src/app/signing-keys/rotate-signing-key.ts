import type { OverlapSeconds, SigningAlgorithm } from '@sallyport/core'
import type { LiveRoutes } from '../../store/port/deployments.ts'
import type { SigningKeyRow } from '../../store/port/signing-keys.ts'
import type { Writer } from '../../store/port/store.ts'
import { FairSemaphore } from '../../fairness/fair-semaphore.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { requireStepUp } from '../access/step-up.ts'
import { newSigningKey, sealedSigningKey, SIGNING_ALGORITHM_DEFAULT } from './new-signing-key.ts'
import { conflict } from '../refusals.ts'
import {
  auditedSigningKey,
  SIGNING_KEYS_PER_ENVIRONMENT_MAX,
  signingKeyFacts,
  signingKeyState,
  type SigningKeyFacts,
} from './signing-key-facts.ts'

/** The shortest default overlap, in seconds. */
const OVERLAP_SECONDS_DEFAULT_MIN = 60 * 60
/** Time in seconds for gateways to receive the new key; until then they sign with the old one. */
const DISTRIBUTION_SECONDS = 5 * 60

/** Keys are generated one at a time: an RS256 key can occupy a core for seconds. */
const generating = new FairSemaphore({ runningMax: 1, waitingMax: 64 })

export interface RotateSigningKeyInput {
  readonly organization: string
  readonly environment: string
  readonly algorithm?: SigningAlgorithm | undefined
  /** How long the previous key still verifies; 0 invalidates its tokens. Default: `overlapSecondsDefault`. */
  readonly overlapSeconds?: OverlapSeconds | undefined
}
export interface RotatedSigningKey {
  readonly signingKey: SigningKeyFacts
  /** The previous signing key, if there was one. */
  readonly retired: readonly SigningKeyFacts[]
}

/**
 * Generates a new signing key for an environment. The previous key still verifies during the overlap; with an overlap
 * of 0 it is removed, so that no gateway's clock can keep it valid. Keys whose overlap has ended are removed too.
 *
 * @throws Problem `conflict` if the environment has too many keys that still verify; `step_up_required` for an overlap of 0
 */
export async function rotateSigningKey(
  context: OperationContext,
  input: RotateSigningKeyInput,
): Promise<RotatedSigningKey> {
  const { organization, environment, algorithm = SIGNING_ALGORITHM_DEFAULT, overlapSeconds } = input
  // Checked twice: here, so that only a permitted actor can make us generate a key; and in the transaction, where the
  // result still holds at the commit.
  await permittedRotation(context, context.store.read, input)
  const newKey = await generating.run(
    { organization, pipeline: environment },
    async () => await newSigningKey(context, algorithm),
  )
  const { value } = await context.store.write(async (tx) => {
    await permittedRotation(context, tx, input)
    const nowMs = context.nowMs()
    const rows = await tx.signingKeys.all(organization, environment)
    const overlap =
      overlapSeconds ?? overlapSecondsDefault(await tx.deployments.liveRoutes(organization, environment))
    const before = rows.find((row) => row.verifiesUntilMs === null)
    const verifying = rows.filter((row) => signingKeyState(row, nowMs) === 'verifying')
    requireFewVerifying([...verifying, ...(before === undefined || overlap === 0 ? [] : [before])])

    const expired = rows.filter((row) => signingKeyState(row, nowMs) === 'retired')
    for (const row of expired) await tx.signingKeys.remove(organization, row.id)
    const retired = before === undefined ? undefined : { ...before, verifiesUntilMs: nowMs + overlap * 1000 }
    if (retired !== undefined) await retire(tx, retired, overlap)
    const row = sealedSigningKey(context, newKey, { organization, environment })
    await tx.signingKeys.insert(row)
    tx.audit(
      auditEntry(context, organization, 'signing-keys.rotate', `signing-key/${row.id}`, {
        before: before === undefined ? null : auditedSigningKey(before),
        after: {
          ...auditedSigningKey(row),
          overlapSeconds: overlap,
          removed: expired.map(({ id }) => id),
        },
      }),
    )
    return {
      signingKey: signingKeyFacts(row),
      retired: retired === undefined ? [] : [signingKeyFacts(retired)],
    }
  })
  return value
}

async function permittedRotation(
  context: OperationContext,
  { environments }: Pick<Writer, 'environments'> | OperationContext['store']['read'],
  { organization, environment, overlapSeconds }: RotateSigningKeyInput,
): Promise<void> {
  await permittedEnvironment(context, environments, organization, environment, 'signing-keys.write')
  // Without an overlap, every token of the previous key ends.
  if (overlapSeconds === 0) requireStepUp(context)
}

async function retire(tx: Writer, row: SigningKeyRow, overlapSeconds: number): Promise<void> {
  if (overlapSeconds === 0) await tx.signingKeys.remove(row.organization, row.id)
  else await tx.signingKeys.retire(row.organization, row.id, row.verifiesUntilMs ?? 0)
}

/** @param verifying the keys that verify in addition to the new one */
function requireFewVerifying(verifying: readonly SigningKeyRow[]): void {
  if (verifying.length < SIGNING_KEYS_PER_ENVIRONMENT_MAX) return
  throw conflict(
    `An environment has at most ${SIGNING_KEYS_PER_ENVIRONMENT_MAX} signing keys, and all of them still verify. Remove one that no valid token needs, or rotate with overlapSeconds: 0, which invalidates the tokens of the current key.`,
  )
}

/**
 * The default overlap: how long the previous key still verifies, in seconds. It lasts until every token that a live
 * deployment signed with that key has expired, and at least an hour.
 *
 * @param live the live deployments of the environment
 */
function overlapSecondsDefault(live: readonly LiveRoutes[]): number {
  const lifetimeMax = live.reduce((most, { routes }) => Math.max(most, routes.tokenSecondsMax), 0)
  return Math.max(OVERLAP_SECONDS_DEFAULT_MIN, lifetimeMax + DISTRIBUTION_SECONDS)
}
