import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ImportRunner } from '../app/imports/import-runner.ts'
import { tokenDigest, tokenDigestBytes } from '../crypto/digest.ts'
import { insertOrganization } from '../store/testing/fixtures.ts'
import {
  ACME,
  type Answer,
  bearer,
  type Json,
  openAcme,
  textOf,
  type AcmeWorld,
} from './testing/control-world.ts'
import {
  CSV,
  IMPORTS,
  keyWith,
  type Line,
  ndjson,
  NDJSON,
  runner,
  token,
  tokens,
} from './testing/import-files.ts'
import { signedIn } from './testing/people.ts'

/** Sends a file and works it off; answers with the import as it is afterwards. */
async function imported(
  world: AcmeWorld,
  lines: readonly Line[],
  headers: object = world.owner,
): Promise<Json> {
  const sent = await world.call('POST', IMPORTS, ndjson(lines), { ...NDJSON, ...headers })
  expect(sent.status).toBe(202)
  await runner(world).tick()
  return (await world.call('GET', `${IMPORTS}/${textOf(sent.body['id'])}`, undefined, { ...headers })).body
}

async function keyOf(world: AcmeWorld, number: number): Promise<Answer> {
  return await world.own('GET', `${ACME}/keys/${world.importedKeyId(tokenDigestBytes(token(number)))}`)
}

test('an import makes keys that work with their tokens, and with everything that their lines say', async () => {
  await using world = await openAcme()
  const consumer = { name: 'orders', environment: 'test' }
  const made = await world.own('POST', `${ACME}/consumers`, consumer)
  const id = textOf(made.body['consumer']?.['id'])
  const result = await imported(world, [
    {
      name: 'CI',
      token: token(0),
      environment: 'test',
      roles: ['key-manager'],
      expiresAt: '2027-01-01T00:00:00Z',
      labels: { team: 'pay' },
    },
    { name: 'by name', token: token(1), environment: 'test', consumer: 'orders' },
    { name: 'by id', sha256: tokenDigest(token(2)), hint: 'old-2', consumer: id, status: 'inactive' },
    { name: 'published', token: token(3), type: 'public' },
  ])
  expect(result).toMatchObject({ state: 'done', lines: 4, read: 4, made: 4, problemCount: 0, problems: [] })
  expect((await keyOf(world, 0)).body).toMatchObject({
    name: 'CI',
    type: 'secret',
    environment: 'test',
    consumer: null,
    roles: ['key-manager'],
    state: 'active',
    expiresAt: '2027-01-01T00:00:00.000Z',
    labels: { team: 'pay' },
    secrets: [{ hint: '…7A-0' }],
  })
  expect((await keyOf(world, 1)).body).toMatchObject({ consumer: id, environment: 'test', labels: {} })
  expect((await keyOf(world, 2)).body).toMatchObject({
    consumer: id,
    state: 'inactive',
    secrets: [{ hint: 'old-2' }],
  })
  expect((await keyOf(world, 3)).body).toMatchObject({ type: 'public', environment: null })
  const listed = await world.call(
    'GET',
    `${ACME}/keys?environment=test`,
    undefined,
    bearer(token(0) as never),
  )
  expect(listed.status).toBe(200)
})

test('a token stays neither in the database nor in the log, whether its line is valid or not', async () => {
  await using world = await openAcme()
  const lines = [...tokens(3), { name: 'again', token: token(0) }, { name: token(5), token: token(5) }]
  await world.own('POST', IMPORTS, `${ndjson(lines)}{"name":"broken","token":"${token(6)}"`, NDJSON)
  await runner(world).tick()
  expect((await imported(world, lines))['problemCount']).toBe(5)
  await world.own('POST', IMPORTS, `name,token\nA,${token(7)}\n"B,${token(8)}`, CSV)
  await world.own('POST', IMPORTS, `${token(9)},name`, CSV)
  const files = await readdir(world.folder)
  const contents = await Promise.all(
    files.map(async (file) => await readFile(join(world.folder, file), 'latin1')),
  )
  const audit = await world.own('GET', `${ACME}/audit-events`)
  for (const text of [...contents, world.log(), JSON.stringify(audit.body)]) {
    expect(text).not.toContain('lgcy/4fT0Qm2ZrX9bLk7A')
  }
})

test('each line with a problem is named, and hinders no other line', async () => {
  await using world = await openAcme()
  await world.own('POST', `${ACME}/consumers`, { name: 'orders', environment: 'test' })
  const result = await imported(world, [
    { name: 'good', token: token(0) },
    { name: 'same', token: token(0) },
    { name: 'past', token: token(1), expiresAt: '2020-01-01T00:00:00Z' },
    { name: 'where', token: token(2), environment: 'nowhere' },
    { name: 'whose', token: token(3), environment: 'test', consumer: 'unknown' },
    { name: 'elsewhere', token: token(4), environment: 'prod', consumer: 'orders' },
    { name: 'unplaced', token: token(5), consumer: 'orders' },
    { name: 'role', token: token(6), roles: ['emperor'] },
    { name: 'public role', token: token(7), type: 'public', roles: ['auditor'] },
    { name: '', token: token(8) },
    { name: 'last', token: token(9) },
  ])
  expect(result).toMatchObject({ state: 'done', read: 11, made: 2, problemCount: 9 })
  const problems = Object.values(result['problems'] ?? {}).map(({ line, message }) => [line, message])
  expect(problems).toEqual([
    [2, 'Line 1 has the same token. Leave one of them out.'],
    [3, expect.stringContaining('future')],
    [4, expect.stringContaining('no such environment')],
    [5, expect.stringContaining('no such consumer')],
    [6, expect.stringContaining('no such consumer')],
    [7, expect.stringContaining('Name its environment too')],
    [8, expect.stringContaining('no such role')],
    [9, expect.stringContaining('public key has no roles')],
    [10, expect.stringMatching(/^name: /)],
  ])
})

test('a token that is a key already makes no second one, and of another organization nothing is told', async () => {
  await using world = await openAcme()
  await imported(world, tokens(2))
  const again = await imported(world, tokens(3))
  expect(again).toMatchObject({ made: 1, problemCount: 2 })
  expect(again['problems']?.['0']).toEqual({
    line: 1,
    message: 'The token is already that of a key of this organization. Leave the line out.',
  })
  await world.store.write((tx) => insertOrganization(tx, 'globex'))
  const { headers: person } = await signedIn(world, { globex: ['owner'] })
  const path = '/v1/organizations/globex/imports'
  const sent = await world.call('POST', path, ndjson(tokens(1)), { ...NDJSON, ...person })
  await runner(world).tick()
  const read = await world.call('GET', `${path}/${textOf(sent.body['id'])}`, undefined, person)
  expect(read.body).toMatchObject({ made: 0, problemCount: 1 })
  expect(JSON.stringify(read.body['problems'])).not.toMatch(/acme|another|already/)
})

test('lines are checked with the permissions of the importer', async () => {
  await using world = await openAcme()
  const { headers } = await keyWith(world, ['key-manager'], { environment: 'test' })
  const result = await imported(
    world,
    [
      { name: 'inside', token: token(0), environment: 'test' },
      { name: 'outside', token: token(1), environment: 'prod' },
      { name: 'everywhere', token: token(2) },
      { name: 'more than its own', token: token(3), environment: 'test', roles: ['owner'] },
    ],
    headers,
  )
  expect(result).toMatchObject({ made: 1, problemCount: 3 })
  expect((await keyOf(world, 0)).body['createdBy']).toBe(result['createdBy'])
  const none = await keyWith(world, ['auditor'])
  const refused = await world.call('POST', IMPORTS, ndjson(tokens(1)), { ...NDJSON, ...none.headers })
  expect([refused.status, refused.body['code']]).toEqual([403, 'permission_missing'])
})

test('an import ends when its key may no longer create keys, and what it made stays', async () => {
  await using world = await openAcme()
  const { id, headers } = await keyWith(world, ['key-manager'])
  const sent = await world.call('POST', IMPORTS, ndjson(tokens(1500)), { ...NDJSON, ...headers })
  const running: ImportRunner = runner(world, { afterWrite: () => running.end() })
  await running.tick()
  await world.own('DELETE', `${ACME}/keys/${id}`)
  await runner(world).tick()
  const path = `${IMPORTS}/${textOf(sent.body['id'])}`
  const { body } = await world.own('GET', path)
  expect(body).toMatchObject({ state: 'stopped', lines: 1500, problemCount: 1, problems: [{ line: 0 }] })
  const made = Number(body['made'])
  expect([made, made > 0, made < 1500]).toEqual([Number(body['read']), true, true])
  const found = await Promise.all(tokens(1500).map(async (_, number) => (await keyOf(world, number)).status))
  expect(found.filter((status) => status === 200)).toHaveLength(made)
})

test('an import that is stopped makes no more keys, and to stop it again changes nothing', async () => {
  await using world = await openAcme()
  const { body } = await world.own('POST', IMPORTS, ndjson(tokens(2)), NDJSON)
  const path = `${IMPORTS}/${textOf(body['id'])}`
  for (const again of [1, 2]) {
    expect([again, (await world.own('DELETE', path)).status]).toEqual([again, 200])
  }
  await runner(world).tick()
  expect((await world.own('GET', path)).body).toMatchObject({ state: 'stopped', read: 0, made: 0 })
  expect((await keyOf(world, 0)).status).toBe(404)
})

test('at most three imports are under way at a time, and a repeated request makes none', async () => {
  await using world = await openAcme()
  const send = async (key: string, lines = tokens(1)): Promise<Answer> =>
    await world.own('POST', IMPORTS, ndjson(lines), { ...NDJSON, 'idempotency-key': key })
  const first = await send('one')
  const repeated = await send('one')
  expect([repeated.status, repeated.body['id']]).toEqual([202, first.body['id']])
  expect(repeated.headers['idempotency-replayed']).toBe('true')
  expect((await send('one', tokens(2))).body['code']).toBe('conflict')
  await send('two')
  await send('three')
  expect((await send('four')).body['code']).toBe('conflict')
  await runner(world).tick()
  expect((await send('five')).status).toBe(202)
  const { body } = await world.own('GET', IMPORTS)
  const states = Object.values(body['items'] ?? {}).map(({ state }) => textOf(state))
  expect(states.filter((state) => state === 'done')).toHaveLength(3)
  expect(states).toHaveLength(4)
})

test.each([
  ['NDJSON', NDJSON, ''],
  ['CSV', CSV, 'name,token\n'],
])('a file of %s without keys is done at once', async (_name, headers, file) => {
  await using world = await openAcme()
  const sent = await world.own('POST', IMPORTS, file, headers)
  expect(sent).toMatchObject({ status: 202, body: { state: 'done', lines: 0, read: 0, made: 0 } })
})

test('a quota of keys ends what an import can make', async () => {
  await using world = await openAcme()
  const { body } = await world.own('POST', IMPORTS, ndjson(tokens(5)), NDJSON)
  const { body: listed } = await world.own('GET', `${ACME}/keys`)
  await runner(world, { keys: Number(listed['total']) + 3 }).tick()
  const { body: after } = await world.own('GET', `${IMPORTS}/${textOf(body['id'])}`)
  expect(after).toMatchObject({ state: 'done', made: 3, problemCount: 2 })
})

test('an import is read by its creator, and by others only with keys.read', async () => {
  await using world = await openAcme()
  const { body } = await world.own('POST', IMPORTS, ndjson(tokens(1)), NDJSON)
  const path = `${IMPORTS}/${textOf(body['id'])}`
  const other = await keyWith(world, ['key-manager'], { environment: 'test' })
  const viewer = await keyWith(world, ['auditor'])
  expect((await world.call('GET', path, undefined, other.headers)).status).toBe(404)
  expect((await world.call('DELETE', path, undefined, other.headers)).status).toBe(404)
  expect((await world.call('GET', IMPORTS, undefined, other.headers)).body['items']).toEqual([])
  expect((await world.call('GET', path, undefined, viewer.headers)).status).toBe(200)
  expect((await world.call('DELETE', path, undefined, viewer.headers)).status).toBe(403)
})

test('imports are listed from the oldest on, and with sort=-createdAt from the newest on', async () => {
  await using world = await openAcme()
  const made: unknown[] = []
  for (const file of [ndjson(tokens(1)), ndjson(tokens(2))]) {
    const { body } = await world.own('POST', IMPORTS, file, NDJSON)
    made.push(body['id'])
    world.clock.nowMs += 1
  }
  const idsOf = async (query: string): Promise<unknown> => {
    const { body } = await world.own('GET', `${IMPORTS}?${query}`)
    return (body['items'] as unknown as readonly { readonly id: string }[]).map(({ id }) => id)
  }
  expect(await idsOf('sort=createdAt')).toEqual(made)
  expect(await idsOf('')).toEqual(made)
  expect(await idsOf('sort=-createdAt')).toEqual(made.toReversed())
  expect(await idsOf('sort=-createdAt&limit=1')).toEqual(made.slice(1))
  expect((await world.own('GET', `${IMPORTS}?sort=made`)).status).toBe(400)
})

test.each([
  ['JSON', { 'content-type': 'application/json' }, 'Content-Type: text/csv or application/x-ndjson'],
  ['no type', {}, 'Content-Type: text/csv or application/x-ndjson'],
  ['a coded body', { ...CSV, 'content-encoding': 'gzip' }, 'without `Content-Encoding`'],
  ['another charset', { 'content-type': 'text/csv; charset=latin1' }, 'in UTF-8'],
])('a file with %s gets 415, which says what to send', async (_name, headers, words) => {
  await using world = await openAcme()
  const answer = await sendFile(world, headers)
  expect(answer.statusCode).toBe(415)
  expect(answer.payload).toContain(words)
})

test('a file can have parameters of its type', async () => {
  await using world = await openAcme()
  const headers = { 'content-type': 'text/csv; charset=utf-8; header=present' }
  expect((await sendFile(world, headers)).statusCode).toBe(202)
})

async function sendFile({ app, owner }: AcmeWorld, headers: Readonly<Record<string, string>>) {
  return await app.inject({
    method: 'POST',
    url: IMPORTS,
    headers: { ...owner, ...headers },
    payload: Buffer.from(`name,token\nA,${token(0)}\n`),
  })
}

test('a token of a deleted key does not return, and its problem says so', async () => {
  await using world = await openAcme()
  await imported(world, tokens(1))
  await world.own('DELETE', `${ACME}/keys/${world.importedKeyId(tokenDigestBytes(token(0)))}`)
  const again = await imported(world, tokens(1))
  expect(again).toMatchObject({ made: 0, problemCount: 1 })
  expect(textOf(again['problems']?.['0']?.['message'])).toMatch(/deleted key.*new token/)
  expect((await keyOf(world, 0)).body['state']).toBe('deleted')
})
