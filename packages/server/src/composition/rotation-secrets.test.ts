import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { secretOf } from '../../../../test/support/hand-over-link.ts'
import { temporaryFolder } from '../../../../test/support/server-process.ts'
import { openRotationWorld } from './testing/rotation-world.ts'

const DAY_MS = 24 * 3_600_000

test.each([undefined, 48])(
  'what a webhook receives of a scheduled roll is nowhere in the clear (links of %s hours)',
  async (linkHours) => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'store.db')
    await using opened = await openRotationWorld({ kind: 'sqlite', file }, linkHours)
    const { receiver, world, pass, work } = opened
    /** How many files of the database, or audit records, have this text. */
    const placesOf = async (text: string): Promise<number> => {
      const files = await readdir(folder.path)
      const contents = await Promise.all(files.map((name) => readFile(join(folder.path, name), 'latin1')))
      const records = (await world.store.read.audit.list('acme', { limit: 1_000 })).items
      return [...contents, JSON.stringify(records)].filter((content) => content.includes(text)).length
    }
    // It waits in the database, since no attempt succeeds.
    receiver.answer = () => ({ status: 500 })
    pass(30 * DAY_MS)
    await work()
    const { token, handOver } = opened.events('key.rotated')[0]?.data ?? {}
    const secret = token ?? secretOf(handOver?.link ?? '')
    expect(secret.length).toBeGreaterThan(40)
    expect(await placesOf(secret)).toBe(0)
    // What identifies it is there, so that the search is known to find texts.
    expect(await placesOf(opened.keyId)).toBeGreaterThan(0)
    const sealed = (await world.store.read.rotations.get('acme', opened.keyId))?.pending?.sealed ?? ''
    expect(await placesOf(sealed)).toBeGreaterThan(0)
    receiver.answer = () => ({ status: 204 })
    pass(DAY_MS / 2)
    await work()
    expect(opened.events('key.rotated')).toHaveLength(1)
    pass(3 * DAY_MS)
    await work()
    expect((await world.store.read.rotations.get('acme', opened.keyId))?.pending).toBeNull()
    expect(await placesOf(secret)).toBe(0)
    const { items } = await world.store.read.deliveries.list('acme', opened.webhook, { limit: 50 })
    expect(JSON.stringify(items)).not.toContain(secret)
  },
)
