import { describe, expect, test } from 'vitest'
import { person } from '../examples/people.ts'
import { providerLink } from '../examples/provider-links.ts'
import type { TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

/** The accounts of people at providers. */
export function providerLinksContract(database: () => Promise<TestDatabase>): void {
  describe('accounts at providers', () => {
    test('belong to one person each, and a person has one at each provider', async () => {
      await using db = await database()
      await using store = await db.open()
      const ann = providerLink('ann', 'globex', { subject: 'same' })
      const annElsewhere = providerLink('ann', 'acme', { email: null })
      const bob = providerLink('bob', 'acme', { subject: 'same' })
      await store.write(async (tx) => {
        for (const id of ['ann', 'bob']) await tx.people.insert(person(id))
        for (const row of [ann, annElsewhere, bob]) await tx.providerLinks.insert(row)
      })
      const { providerLinks } = store.read
      expect(await providerLinks.ofPerson('ann')).toEqual([annElsewhere, ann])
      expect(await providerLinks.bySubject('globex', 'same')).toEqual(ann)
      expect(await providerLinks.bySubject('acme', 'same')).toEqual(bob)
      expect(await providerLinks.bySubject('acme', 'Same')).toBeUndefined()
      const insert = (row: typeof ann) => refusalOf(store.write((tx) => tx.providerLinks.insert(row)))
      expect(await insert({ ...bob, subject: 'other' })).toBe('conflict')
      expect(await insert({ ...ann, person: 'bob' })).toBe('conflict')
      const remove = (id: string, provider: string) =>
        refusalOf(store.write((tx) => tx.providerLinks.remove(id, provider)))
      expect(await remove('bob', 'globex')).toBe('not_found')
      await store.write((tx) => tx.providerLinks.remove('ann', 'globex'))
      expect(await providerLinks.ofPerson('ann')).toEqual([annElsewhere])
      expect(await providerLinks.ofPerson('bob')).toEqual([bob])
      await store.write((tx) => tx.providerLinks.insert({ ...ann, person: 'bob' }))
    })
  })
}
