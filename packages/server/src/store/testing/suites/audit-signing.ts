import { describe, expect, test } from 'vitest'
import type { AuditCheckpoint } from '../../port/audit/audit-signing.ts'
import { entry } from '../examples/audit-events.ts'
import { organization } from '../examples/organizations.ts'
import type { TestDatabase } from '../fixtures.ts'
import { problemOf } from '../problem-codes.ts'

const key = (id: string) => ({
  id,
  publicKey: `public ${id}`,
  sealedPrivateKey: `sealed ${id}`,
  createdAtMs: 7,
})

function checkpoint(more: Partial<AuditCheckpoint> = {}): AuditCheckpoint {
  return { organization: 'acme', sequence: 1, hash: 'h', atMs: 5, keyId: 'ak_1', signature: 's', ...more }
}

/** The key and the checkpoints of signed audit logs. */
export function auditSigningContract(database: () => Promise<TestDatabase>): void {
  describe('signing audit logs', () => {
    test('has one key, the first, in all processes and after a restart', async () => {
      await using db = await database()
      {
        await using one = await db.open()
        await using other = await db.open()
        expect(await one.auditSigning.key()).toBeUndefined()
        const put = await Promise.all([
          one.auditSigning.putKey(key('ak_1')),
          other.auditSigning.putKey(key('ak_2')),
        ])
        expect(put[0]).toEqual(put[1])
        expect(await other.auditSigning.key()).toEqual(put[0])
        expect(await one.auditSigning.putKey(key('ak_3'))).toEqual(put[0])
      }
      await using again = await db.open()
      expect((await again.auditSigning.key())?.publicKey).toMatch(/^public ak_[12]$/)
    })

    test('keeps the first checkpoint of an event, and lists those of a range', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write(async (tx) => {
        for (const slug of ['acme', 'globex']) await tx.organizations.insert(organization(slug))
        tx.audit(entry('acme'))
      })
      const { auditSigning } = store
      for (const sequence of [3, 1, 2]) await auditSigning.addCheckpoint(checkpoint({ sequence }))
      await auditSigning.addCheckpoint(checkpoint({ sequence: 2, hash: 'other' }))
      await auditSigning.addCheckpoint(checkpoint({ organization: 'globex', sequence: 2 }))
      const found = (after: number, through: number) => auditSigning.checkpoints('acme', after, through)
      expect(await found(0, 3)).toEqual([1, 2, 3].map((sequence) => checkpoint({ sequence })))
      expect(await found(1, 2)).toEqual([checkpoint({ sequence: 2 })])
      expect(await found(3, 3)).toEqual([])
      const nowhere = auditSigning.addCheckpoint(checkpoint({ organization: 'none' }))
      expect((await problemOf(nowhere)).code).toBe('conflict')
    })

    test('says how far the checkpoints of each organization reach', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write(async (tx) => {
        for (const slug of ['b', 'a', 'c']) await tx.organizations.insert(organization(slug))
        for (const slug of ['a', 'a', 'c']) tx.audit(entry(slug))
      })
      const { auditSigning } = store
      await auditSigning.addCheckpoint(checkpoint({ organization: 'a', sequence: 1, atMs: 9 }))
      const a = { organization: 'a', newest: 2, signed: 1, signedAtMs: 9 }
      const b = { organization: 'b', newest: 0, signed: 0, signedAtMs: 0 }
      const c = { organization: 'c', newest: 1, signed: 0, signedAtMs: 0 }
      expect(await auditSigning.organizations('', 5)).toEqual([a, b, c])
      expect(await auditSigning.organizations('', 2)).toEqual([a, b])
      expect(await auditSigning.organizations('b', 2)).toEqual([c])
    })
  })
}
