import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../store/open.ts'
import { FIRST_MS } from '../store/testing/examples/example.ts'
import { invitation } from '../store/testing/examples/invitations.ts'
import { insertOrganization } from '../store/testing/fixtures.ts'
import { removeExpiredInvitations } from './expired-invitations.ts'

const DAY_MS = 86_400_000
const NOW_MS = FIRST_MS + 100 * DAY_MS

test('invitations that expired 30 days ago are removed and recorded, 100 at a time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-invitations-'))
  {
    await using store = await openStore({
      kind: 'sqlite',
      file: join(folder, 'store.db'),
      nowMs: () => NOW_MS,
    })
    const old = ['acme', 'rival'].flatMap((organization) =>
      Array.from({ length: 60 }, (_, index) =>
        invitation(organization, `inv_${index}`, { expiresAtMs: NOW_MS - 30 * DAY_MS - 1 - index }),
      ),
    )
    const young = [
      invitation('acme', 'expired', { expiresAtMs: NOW_MS - 30 * DAY_MS }),
      invitation('rival', 'open', { expiresAtMs: NOW_MS + 1 }),
    ]
    await store.write(async (tx) => {
      await insertOrganization(tx, 'acme')
      await insertOrganization(tx, 'rival')
      for (const row of [...old, ...young]) await tx.invitations.insert(row)
    })
    const left = async () => [
      ...(await store.read.invitations.list('acme', { limit: 200 })).items,
      ...(await store.read.invitations.list('rival', { limit: 200 })).items,
    ]
    const remove = async () => await store.write((tx) => removeExpiredInvitations(tx, NOW_MS))
    await remove()
    expect(await left()).toHaveLength(22)
    await remove()
    expect((await left()).map(({ id }) => id)).toEqual(['expired', 'open'])
    await remove()
    for (const organization of ['acme', 'rival']) {
      const { items } = await store.read.audit.list(organization, { limit: 200 })
      const removals = items.filter(({ action }) => action === 'invitations.expire')
      expect(removals).toHaveLength(60)
      expect(removals[0]).toMatchObject({
        actor: 'housekeeping',
        atMs: NOW_MS,
        before: { roles: ['auditor'] },
        after: null,
      })
      expect(JSON.stringify(removals)).not.toContain('digest')
    }
  }
  await rm(folder, { recursive: true })
})
