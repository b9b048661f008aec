import { parseHandOverHours, type HandOverHours } from '@sallyport/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKeyToHandOver } from '../keys/create-key.ts'
import { title } from '../testing/fields.ts'
import { openWorld, problemOf, type World } from '../testing/world.ts'
import { handOverLink } from './issue-hand-over.ts'

let world: World

beforeAll(async () => {
  world = await openWorld()
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

function hours(count: number): HandOverHours {
  const parsed = parseHandOverHours(count)
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.value
}

/** Makes a key with a link, at a server that people reach at this URL. */
async function createAt(publicUrl: string) {
  const input = {
    organization: 'acme',
    name: title('Courier'),
    type: 'secret',
    handOver: { expiresInHours: hours(1) },
  } as const
  return await createKeyToHandOver({ ...world.owner, publicUrl: () => publicUrl }, input)
}

test.each(['https://console.example.com', 'http://127.0.0.1:8080', 'http://[::1]:8080', 'http://localhost'])(
  'makes links at %s, whose page browsers let decrypt',
  async (publicUrl) => {
    const { handOver, key } = await createAt(publicUrl)
    expect(handOverLink(publicUrl, handOver)).toBe(`${publicUrl}/hand-over#${handOver.id}.${handOver.secret}`)
    expect(await world.store.read.handOvers.pendingOfKey('acme', key.id)).toHaveLength(1)
  },
)

test('makes neither a link nor a key where browsers would not decrypt', async () => {
  const keys = async () => (await world.store.read.keys.list('acme', { limit: 200 })).items.length
  const before = await keys()
  for (const publicUrl of ['http://10.0.0.5:8080', 'http://console.example.com']) {
    const problem = await problemOf(createAt(publicUrl))
    expect(problem.code).toBe('conflict')
    expect(problem.detail).toContain('SALLYPORT_PUBLIC_URL')
  }
  expect(await keys()).toBe(before)
})
