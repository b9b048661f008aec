import { describe, expect, test } from 'vitest'
import { FIRST_MS } from '../examples/example.ts'
import { person } from '../examples/people.ts'
import { authenticator } from '../examples/second-factors.ts'
import type { TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

/** Authenticator apps and recovery codes of people. */
export function secondFactorsContract(database: () => Promise<TestDatabase>): void {
  describe('second factors', () => {
    test('are an authenticator, which is replaced as a whole, and recovery codes, each taken once', async () => {
      await using db = await database()
      await using store = await db.open()
      const { secondFactors } = store.read
      await store.write(async (tx) => {
        for (const id of ['ann', 'bob']) await tx.people.insert(person(id))
        await tx.secondFactors.saveAuthenticator(authenticator('ann'))
        await tx.secondFactors.saveAuthenticator(authenticator('bob'))
        await tx.secondFactors.saveRecoveryCodes('ann', ['1', '2', '3'])
        await tx.secondFactors.saveRecoveryCodes('bob', ['1'])
      })
      const begun = authenticator('ann', {
        sealedSecret: 'new',
        createdAtMs: FIRST_MS + 1,
        confirmedAtMs: null,
        lastStep: null,
      })
      await store.write((tx) => tx.secondFactors.saveAuthenticator(begun))
      expect(await secondFactors.authenticator('ann')).toEqual(begun)

      const take = async (id: string, digest: string) =>
        (await store.write((tx) => tx.secondFactors.takeRecoveryCode(id, digest))).value
      expect([await take('ann', '1'), await take('ann', '1'), await take('ann', '9')]).toEqual([
        true,
        false,
        false,
      ])
      expect(await secondFactors.countRecoveryCodes('ann')).toBe(2)
      await store.write((tx) => tx.secondFactors.saveRecoveryCodes('ann', ['2', '4', '5']))
      expect(await secondFactors.countRecoveryCodes('ann')).toBe(3)
      expect([await take('ann', '3'), await take('ann', '4')]).toEqual([false, true])

      await store.write((tx) => tx.secondFactors.removeAll('ann'))
      expect(await secondFactors.authenticator('ann')).toBeUndefined()
      expect(await secondFactors.countRecoveryCodes('ann')).toBe(0)
      expect(await secondFactors.authenticator('bob')).toEqual(authenticator('bob'))
      expect(await secondFactors.countRecoveryCodes('bob')).toBe(1)
      await store.write((tx) => tx.secondFactors.saveRecoveryCodes('bob', []))
      expect(await secondFactors.countRecoveryCodes('bob')).toBe(0)
    })

    test('belong to somebody who exists', async () => {
      await using db = await database()
      await using store = await db.open()
      const saved = store.write((tx) => tx.secondFactors.saveAuthenticator(authenticator('nobody')))
      expect(await refusalOf(saved)).toBe('conflict')
      const codes = store.write((tx) => tx.secondFactors.saveRecoveryCodes('nobody', ['1']))
      expect(await refusalOf(codes)).toBe('conflict')
    })

    test('let one of several concurrent users of a recovery code have it', async () => {
      await using db = await database()
      await using store = await db.open()
      await using other = await db.open()
      await store.write(async (tx) => {
        await tx.people.insert(person('ann'))
        await tx.secondFactors.saveRecoveryCodes('ann', ['1', '2'])
      })
      const takes = await Promise.all(
        [store, other, store, other].map((one) =>
          one.write((tx) => tx.secondFactors.takeRecoveryCode('ann', '1')),
        ),
      )
      expect(takes.filter(({ value }) => value)).toHaveLength(1)
    })
  })
}
