import { expect, test } from 'vitest'
import { openTestDatabase } from '../../../../test/services/postgres.ts'
import { openAcme } from './testing/control-world.ts'
import { signedIn } from './testing/people.ts'

test('an organization that PostgreSQL cannot compare is refused, to a key and to a person', async () => {
  await using database = await openTestDatabase()
  await using world = await openAcme({}, undefined, { kind: 'postgres', url: database.url })
  const { headers } = await signedIn(world, { acme: ['owner'] })
  for (const slug of ['%00', 'acme%00', 'acme%C3%A9']) {
    for (const credential of [headers, world.owner]) {
      const answer = await world.call('GET', `/v1/organizations/${slug}/members`, undefined, {
        ...credential,
      })
      expect([slug, answer.status, answer.body['code']]).toEqual([slug, 400, 'invalid_request'])
    }
  }
})
