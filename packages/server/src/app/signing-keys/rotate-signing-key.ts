import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '@sallyport/core'
import type { SigningKeyRow } from '../../store/port/signing-keys.ts'
import type { Writer } from '../../store/port/store.ts'
import { FairSemaphore } from '../../fairness/fair-semaphore.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { freshSigningKey, sealedSigningKey, SIGNING_ALGORITHM_DEFAULT } from './fresh-signing-key.ts'
import { conflict, requireNone } from '../refusals.ts'
import {
  auditedSigningKey,
  SIGNING_KEYS_PER_ENVIRONMENT_MAX,
  signingKeyFacts,
  signingKeyState,
  type SigningKeyFacts,
} from './signing-key-fields.ts'
import { OVERLAP_SECONDS_MAX, overlapSecondsDefault } from './signing-key-overlap.ts'

/** Keys are made one at a time: one for RS256 keeps a core busy for up to seconds. */
const generating = new FairSemaphore({ runningMax: 1, waitingMax: 64 })

export interface RotateSigningKeyInput {
  readonly organization: string
  readonly environment: string
  readonly algorithm?: SigningAlgorithm | undefined
  /** How long the key before goes on verifying; 0 ends its tokens. See `overlapSecondsDefault` where it is left out. */
  readonly overlapSeconds?: number | undefined
}
export interface RotatedSigningKey {
  readonly signingKey: SigningKeyFacts
  /** The key that signed before, where there was one. */
  readonly retired: readonly SigningKeyFacts[]
}

/**
 * Makes the key that signs for an environment from now on. The one before goes on verifying for the overlap; with an
 * overlap of 0 it is removed, so that no gateway's clock can keep it alive. Keys whose overlap is over go too.
 *
 * @throws Problem `conflict` when the environment has too many keys that still verify
 */
export async function rotateSigningKey(
  context: OperationContext,
  input: RotateSigningKeyInput,
): Promise<RotatedSigningKey> {
  const { organization, environment, algorithm = SIGNING_ALGORITHM_DEFAULT, overlapSeconds } = input
  // Asked for twice: here, so that only who may do this has us make a key; and below, where it holds to the commit.
  await permittedRotation(context, context.store.read, input)
  requireNone([...algorithmErrors(algorithm), ...overlapErrors(overlapSeconds)])
  const fresh = await generating.run(organization, async () => await freshSigningKey(context, algorithm))
  const { value } = await context.store.write(async (tx) => {
    await permittedRotation(context, tx, input)
    const nowMs = context.nowMs()
    const rows = await tx.signingKeys.all(organization, environment)
    const overlap =
      overlapSeconds ?? overlapSecondsDefault(await tx.deployments.allLive(organization, environment))
    const before = rows.find((row) => row.verifiesUntilMs === null)
    const verifying = rows.filter((row) => signingKeyState(row, nowMs) === 'verifying')
    requireRoom([...verifying, ...(before === undefined || overlap === 0 ? [] : [before])])

    const gone = rows.filter((row) => signingKeyState(row, nowMs) === 'retired')
    for (const row of gone) await tx.signingKeys.remove(organization, row.id)
    const retired = before === undefined ? undefined : { ...before, verifiesUntilMs: nowMs + overlap * 1000 }
    if (retired !== undefined) await retire(tx, retired, overlap)
    const row = sealedSigningKey(context, fresh, { organization, environment })
    await tx.signingKeys.insert(row)
    tx.audit(
      auditEntry(context, organization, 'signing-keys.rotate', `signing-key/${row.id}`, {
        before: before === undefined ? null : auditedSigningKey(before),
        after: {
          ...auditedSigningKey(row),
          overlapSeconds: overlap,
          removed: gone.map(({ id }) => id),
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
  { organization, environment }: RotateSigningKeyInput,
): Promise<void> {
  const permissions = ['signing-keys.write', 'signing-keys.read'] as const
  await permittedEnvironment(context, environments, organization, environment, ...permissions)
}

async function retire(tx: Writer, row: SigningKeyRow, overlapSeconds: number): Promise<void> {
  if (overlapSeconds === 0) await tx.signingKeys.remove(row.organization, row.id)
  else await tx.signingKeys.retire(row.organization, row.id, row.verifiesUntilMs ?? 0)
}

/** @param verifying the keys that verify beside the new one */
function requireRoom(verifying: readonly SigningKeyRow[]): void {
  if (verifying.length < SIGNING_KEYS_PER_ENVIRONMENT_MAX) return
  throw conflict(
    `An environment has at most ${SIGNING_KEYS_PER_ENVIRONMENT_MAX} signing keys, and all of them still verify. Remove one that no token needs any more, or rotate with overlapSeconds: 0, which ends the tokens of the key that signs now.`,
  )
}

function algorithmErrors(algorithm: SigningAlgorithm) {
  return SIGNING_ALGORITHMS.includes(algorithm)
    ? []
    : [{ path: '/algorithm', message: `An algorithm is one of ${SIGNING_ALGORITHMS.join(', ')}.` }]
}

function overlapErrors(seconds: number | undefined) {
  const isFine =
    seconds === undefined || (Number.isInteger(seconds) && seconds >= 0 && seconds <= OVERLAP_SECONDS_MAX)
  return isFine
    ? []
    : [{ path: '/overlapSeconds', message: `An overlap is 0 to ${OVERLAP_SECONDS_MAX} whole seconds.` }]
}
