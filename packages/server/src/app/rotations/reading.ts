import type { OperationContext } from '../access/context.ts'
import { notFound } from '../access/permission-checks.ts'
import { getKey } from '../keys/reading.ts'
import { getKeyWithRoll, type KeyWithRoll } from '../keys/roll-progress.ts'
import { rotationFacts, type RotationFacts } from './rotation-facts.ts'

export interface GetRotationInput {
  readonly organization: string
  /** A key's id. */
  readonly key: string
}

/** Returns the rotation of a key. @throws Problem `not_found` also if the key has none */
export async function getRotation(
  context: OperationContext,
  input: GetRotationInput,
): Promise<RotationFacts> {
  const key = await getKey(context, input)
  const row = await context.store.read.rotations.get(key.organization, key.id)
  if (row === undefined) throw notFound(`rotation of the key "${key.id}"`)
  return rotationFacts(row, key, context.nowMs())
}

/** A key with its roll in progress, and its rotation; null if it has none. */
export interface KeyWithRotation extends KeyWithRoll {
  readonly rotation: RotationFacts | null
}

/** Returns one key, how its roll goes on, and how it rolls on a schedule. */
export async function getKeyWithRotation(
  context: OperationContext,
  input: GetRotationInput,
): Promise<KeyWithRotation> {
  const read = await getKeyWithRoll(context, input)
  const row = await context.store.read.rotations.get(read.key.organization, read.key.id)
  return { ...read, rotation: row === undefined ? null : rotationFacts(row, read.key, context.nowMs()) }
}
