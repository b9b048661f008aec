import { request } from 'node:http'
import { QUOTA_LIMITS_DEFAULT } from '@sallyport/core'
import { expect, test } from 'vitest'
import type { ImportRunner } from '../app/imports/import-runner.ts'
import { insertOrganization } from '../store/testing/fixtures.ts'
import { ACME, type Json, openAcme, textOf } from './testing/control-world.ts'
import { IMPORTS, keyWith, ndjson, NDJSON, runner, token, tokens } from './testing/import-files.ts'
import { signedIn } from './testing/people.ts'

/** Longer than a busy machine takes to read a file. */
const WAIT = { timeout: 60_000 }

test('a file that is refused or breaks off leaves nothing behind', async () => {
  await using world = await openAcme()
  const lines = ndjson(tokens(9000))
  const refused = await world.own('POST', IMPORTS, `${lines}\u0000${'x'.repeat(20_000)}`, NDJSON)
  expect(refused.body['code']).toBe('too_large')
  const port = await world.port()
  const sending = request({
    port,
    method: 'POST',
    path: IMPORTS,
    headers: { ...world.owner, ...NDJSON, 'content-length': lines.length + 1 },
  })
  sending.on('error', () => undefined)
  sending.write(lines)
  const list = async (): Promise<Json | undefined> => (await world.own('GET', IMPORTS)).body['items']
  await expect.poll(list, WAIT).toMatchObject([{ state: 'receiving', lines: null }])
  sending.destroy()
  await expect.poll(list, WAIT).toEqual([])
})

test('the lines of one token are worked off in parts, so that other writers wait only for one', async () => {
  await using world = await openAcme()
  const lines = Array.from({ length: 20_000 }, () => ({ name: 'again', token: token(0) }))
  const sent = await world.own('POST', IMPORTS, ndjson(lines), NDJSON)
  const path = `${IMPORTS}/${textOf(sent.body['id'])}`
  const running: ImportRunner = runner(world, { afterWrite: () => running.end() })
  await running.tick()
  const { body } = await world.own('GET', path)
  expect(body).toMatchObject({ state: 'running', made: 1 })
  expect(Number(body['read'])).toBeLessThan(4_000)
  await runner(world).tick()
  const { body: after } = await world.own('GET', path)
  expect(after).toMatchObject({ state: 'done', read: 20_000, made: 1, problemCount: 19_999 })
  expect(after['problems']?.['0']).toMatchObject({ line: 2 })
})

test('an import that throws is tried after longer and longer pauses, and others go on', async () => {
  await using world = await openAcme()
  const { body } = await world.own('POST', IMPORTS, ndjson(tokens(1)), NDJSON)
  const path = `${IMPORTS}/${textOf(body['id'])}`
  await world.store.write((tx) => insertOrganization(tx, 'globex'))
  const { headers: person } = await signedIn(world, { globex: ['owner'] })
  const elsewhere = '/v1/organizations/globex/imports'
  const sent = await world.call('POST', elsewhere, ndjson([{ name: 'k', token: token(9) }]), {
    ...NDJSON,
    ...person,
  })
  const triedAtMs: number[] = []
  const startMs = world.clock.nowMs
  let isBroken = true
  const failing = runner(world, {
    quotaLimits: (organization) => {
      if (isBroken && organization === 'acme') throw new Error('no limits')
      return QUOTA_LIMITS_DEFAULT
    },
    onFault: () => triedAtMs.push((world.clock.nowMs - startMs) / 1000),
  })
  for (let second = 0; second <= 7; second += 0.5) {
    world.clock.nowMs = startMs + second * 1000
    await failing.tick()
  }
  expect(triedAtMs).toEqual([0, 1, 3, 7])
  const read = await world.call('GET', `${elsewhere}/${textOf(sent.body['id'])}`, undefined, person)
  expect(read.body).toMatchObject({ state: 'done', made: 1 })
  isBroken = false
  world.clock.nowMs = startMs + 15_000
  await failing.tick()
  expect((await world.own('GET', path)).body).toMatchObject({ state: 'done', made: 1 })
})

test('an import that throws twenty times in a row has failed, and says so', async () => {
  await using world = await openAcme()
  const { body } = await world.own('POST', IMPORTS, ndjson(tokens(2)), NDJSON)
  const path = `${IMPORTS}/${textOf(body['id'])}`
  const faults: unknown[] = []
  const failing = runner(world, {
    quotaLimits: () => {
      throw new Error('no limits')
    },
    onFault: (cause) => faults.push(cause),
  })
  const tryAgain = async (times: number) => {
    for (let count = 0; count < times; count += 1) {
      await failing.tick()
      world.clock.nowMs += 600_000
    }
  }
  await tryAgain(19)
  expect((await world.own('GET', path)).body).toMatchObject({ state: 'running', problems: [] })
  await tryAgain(1)
  const { body: failed } = await world.own('GET', path)
  expect(failed).toMatchObject({
    state: 'failed',
    made: 0,
    problemCount: 1,
    problems: [{ line: 0, message: expect.stringContaining('send the file again') as unknown }],
  })
  expect(failed['endedAt']).not.toBeNull()
  await tryAgain(1)
  expect(faults).toHaveLength(20)
  const { body: audit } = await world.own('GET', `${ACME}/audit-events?action=imports.fail`)
  expect(audit['items']).toMatchObject([{ target: `import/${textOf(body['id'])}` }])
})

test('a file of a key that is deleted meanwhile leaves nothing behind', async () => {
  await using world = await openAcme()
  const { id, headers } = await keyWith(world, ['key-manager'])
  const port = await world.port()
  const sending = request({ port, method: 'POST', path: IMPORTS, headers: { ...headers, ...NDJSON } })
  const answered = new Promise<number | undefined>((resolve) => {
    sending.on('response', (answer) => resolve(answer.resume().statusCode))
  })
  sending.write(ndjson(tokens(9000)))
  const list = async (): Promise<Json | undefined> => (await world.own('GET', IMPORTS)).body['items']
  await expect.poll(list, WAIT).toMatchObject([{ state: 'receiving' }])
  await world.own('DELETE', `${ACME}/keys/${id}`)
  sending.end(ndjson(tokens(1)))
  expect(await answered).toBe(401)
  await expect.poll(list, WAIT).toEqual([])
})

test('an import counts as under way from its first line', async () => {
  await using world = await openAcme()
  const port = await world.port()
  const headers = { ...world.owner, ...NDJSON }
  const slow = Array.from({ length: 3 }, () => request({ port, method: 'POST', path: IMPORTS, headers }))
  for (const one of slow) {
    one.on('error', () => undefined)
    one.write(ndjson(tokens(1)))
  }
  const list = async (): Promise<Json | undefined> => (await world.own('GET', IMPORTS)).body['items']
  await expect.poll(list, WAIT).toHaveLength(3)
  expect((await world.own('POST', IMPORTS, ndjson(tokens(1)), NDJSON)).body['code']).toBe('conflict')
  for (const one of slow) one.destroy()
  await expect.poll(list, WAIT).toEqual([])
})

test('what is left of the lines of a stopped import is removed by the next turns', async () => {
  await using world = await openAcme()
  const { body } = await world.own('POST', IMPORTS, ndjson(tokens(1500)), NDJSON)
  await world.own('DELETE', `${IMPORTS}/${textOf(body['id'])}`)
  expect(await world.store.unfinishedImports(10)).toHaveLength(1)
  await runner(world).tick()
  expect(await world.store.unfinishedImports(10)).toEqual([])
})
