import { describe, expect, test } from 'vitest'
import { FIRST_MS } from '../examples/example.ts'
import { passkey } from '../examples/passkeys.ts'
import { person } from '../examples/people.ts'
import type { TestDatabase } from '../fixtures.ts'
import { problemOf, refusalOf } from '../problem-codes.ts'

/** Passkeys of people. */
export function passkeysContract(database: () => Promise<TestDatabase>): void {
  describe('passkeys', () => {
    test('belong to one person, and are found by their credential', async () => {
      await using db = await database()
      await using store = await db.open()
      const second = passkey('ann', 'a', { createdAtMs: FIRST_MS + 1 })
      const first = passkey('ann', 'b', { signCount: 4_294_967_295, transports: [], backupEligible: false })
      const other = passkey('bob', 'a')
      await store.write(async (tx) => {
        for (const id of ['ann', 'bob']) await tx.people.insert(person(id))
        for (const row of [second, first, other]) await tx.passkeys.insert(row)
      })
      const { passkeys } = store.read
      expect(await passkeys.ofPerson('ann')).toEqual([first, second])
      expect(await passkeys.ofPerson('carl')).toEqual([])
      expect(await passkeys.byCredential(other.credentialId)).toEqual(other)
      expect(await passkeys.byCredential('unknown')).toBeUndefined()
      expect(await passkeys.get('bob', 'b')).toBeUndefined()

      await store.write((tx) => tx.passkeys.remove('ann', 'a'))
      expect(await passkeys.get('ann', 'a')).toBeUndefined()
      expect(await passkeys.get('bob', 'a')).toEqual(other)
      expect(await refusalOf(store.write((tx) => tx.passkeys.remove('ann', 'a')))).toBe('not_found')
      expect(await refusalOf(store.write((tx) => tx.passkeys.update(second)))).toBe('not_found')
    })

    test('have the longest credential id, once in the whole installation', async () => {
      await using db = await database()
      await using store = await db.open()
      const credentialId = 'x'.repeat(1364)
      await store.write(async (tx) => {
        for (const id of ['ann', 'bob']) await tx.people.insert(person(id))
        await tx.passkeys.insert(passkey('ann', 'a', { credentialId }))
      })
      const again = store.write((tx) => tx.passkeys.insert(passkey('bob', 'b', { credentialId })))
      expect(await problemOf(again)).toMatchObject({
        code: 'conflict',
        detail: expect.stringContaining('registered already'),
      })
    })
  })
}
