import { createPublicKey } from 'node:crypto'
import { expect, test } from 'vitest'
import { isSignedBy } from '../../store/audit/audit-checkpoint.ts'
import { createProject } from '../projects/create-project.ts'
import { resourceName } from '../testing/fields.ts'
import { openWorld } from '../testing/world.ts'
import { CheckpointSigner } from './checkpoint-signer.ts'

const HOUR_MS = 3_600_000
const ALL = Number.MAX_SAFE_INTEGER

test('each log with new events is signed once an hour, by one key for all processes', async () => {
  await using world = await openWorld()
  const { store } = world
  const { nowMs, sealer } = world.anonymous
  const signers = [1, 2].map(() => new CheckpointSigner({ store, nowMs, sealer }))
  const [one, other] = signers as [CheckpointSigner, CheckpointSigner]
  const signDue = async (): Promise<void> => {
    await Promise.all(signers.map(async (signer) => await signer.signDue()))
  }
  const signedEvents = async (organization: string) =>
    (await store.auditSigning.checkpoints(organization, 0, ALL)).map(({ sequence }) => sequence)
  await signDue()
  const key = await one.key()
  expect(await other.key()).toEqual(key)
  const first = (await store.read.audit.head('acme'))?.sequence ?? 0
  expect(await signedEvents('acme')).toEqual([first])
  expect(await signedEvents('rival')).toHaveLength(1)
  await createProject(world.owner, { organization: 'acme', name: resourceName('shop'), description: null })
  world.clock.nowMs += HOUR_MS / 2
  await signDue()
  expect(await signedEvents('acme')).toEqual([first])
  world.clock.nowMs += HOUR_MS / 2
  await signDue()
  await signDue()
  expect(await signedEvents('acme')).toEqual([first, first + 1])
  expect(await signedEvents('rival')).toHaveLength(1)
  for (const checkpoint of await store.auditSigning.checkpoints('acme', 0, ALL)) {
    expect(isSignedBy(checkpoint, createPublicKey(key.publicKey))).toBe(true)
    const row = (await store.read.audit.list('acme', { limit: 200 })).items.find(
      ({ sequence }) => sequence === checkpoint.sequence,
    )
    expect(checkpoint.hash).toBe(row?.hash)
  }
  const stored = await store.auditSigning.key()
  expect(stored?.sealedPrivateKey).not.toContain('PRIVATE')
  const elsewhere = new CheckpointSigner({
    store,
    nowMs,
    sealer: {
      ...sealer,
      unseal: () => {
        throw new Error('another master key')
      },
    },
  })
  await expect(elsewhere.key()).rejects.toThrow('another master key')
})
