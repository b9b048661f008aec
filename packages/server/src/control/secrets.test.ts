import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { secretContext } from '../crypto/seal-contexts.ts'
import { ACME, bearer, openAcme, textOf, type AcmeWorld, type Json } from './testing/control-world.ts'

const SECRETS = `${ACME}/environments/test/secrets`
const NOW = '2026-01-01T00:00:00.000Z'
const LATER = '2026-01-01T00:00:05.000Z'
/** A unique value, so that a leak can be found. */
const CANARY = 'canary-7dQ2vXo9LbE4/+=3Zr8TnYw'

/** The value of a secret of `test` in a gateway. */
function opened({ cell, unseal }: AcmeWorld, name: string): string | undefined {
  const records = cell.current.environment('acme', 'test')?.secrets.values() ?? []
  const record = [...records].find((each) => each.name === name)
  return record && unseal(record.sealedValue, secretContext(record))
}

/** A new secret key of `acme` with these roles. */
async function withRoles(world: AcmeWorld, roles: readonly string[], environment?: string) {
  const key = { name: roles.join(' '), type: 'secret', roles, environment }
  return bearer((await world.own('POST', `${ACME}/keys`, key)).body['token'])
}

/** Deploys a pipeline that uses the secret `TOKEN` in `test`. */
async function usingIt(world: AcmeWorld, name = 'orders', url = 'https://example.com/'): Promise<Json> {
  const headers = { authorization: 'Bearer {secrets.TOKEN}' }
  const spec = {
    trigger: { kind: 'rest', authentication: { apiKey: true } },
    steps: [{ proxy: { url, headers: url.includes('secrets') ? {} : headers } }],
  }
  expect(await world.own('POST', `${ACME}/pipelines`, { name, spec })).toMatchObject({ status: 201 })
  const wanted = { pipeline: name, version: '1.0', environment: 'test' }
  return (await world.own('POST', `${ACME}/deployments`, wanted)).body
}

test('creates, replaces, lists, reads and removes a secret; gateways have its value at once', async () => {
  await using world = await openAcme()
  const createdBy = expect.stringMatching(/^key_/) as string
  const facts = { name: 'TOKEN', createdAt: NOW, updatedAt: NOW, updatedBy: createdBy }
  const put = await world.own('PUT', `${SECRETS}/TOKEN`, { value: 'first one' })
  expect(put).toMatchObject({ status: 201, body: { receipt: { confirmed: true } } })
  expect(put.body['secret']).toEqual(facts)
  expect(opened(world, 'TOKEN')).toBe('first one')

  world.clock.nowMs += 5000
  const replaced = await world.own('PUT', `${SECRETS}/TOKEN?wait=1`, { value: 'second  one' })
  expect(replaced).toMatchObject({ status: 200, body: { receipt: { confirmed: true } } })
  expect(replaced.body['secret']).toEqual({ ...facts, updatedAt: LATER })
  expect(opened(world, 'TOKEN')).toBe('second  one')

  await world.own('PUT', `${SECRETS}/A_SECOND_1`, { value: 'x' })
  expect((await world.own('GET', `${SECRETS}/TOKEN`)).body).toEqual({ ...facts, updatedAt: LATER })
  const first = await world.own('GET', `${SECRETS}?limit=1`)
  expect(first.body['items']).toEqual([{ ...facts, updatedAt: LATER }])
  const second = await world.own('GET', `${SECRETS}?limit=1&cursor=${textOf(first.body['next'])}`)
  expect(second.body).toMatchObject({ items: [{ name: 'A_SECOND_1' }], next: null })

  const removed = await world.own('DELETE', `${SECRETS}/TOKEN`)
  expect(removed).toMatchObject({ status: 200, body: { receipt: { confirmed: true } } })
  expect(opened(world, 'TOKEN')).toBeUndefined()
  for (const method of ['GET', 'DELETE'] as const) {
    expect(await world.own(method, `${SECRETS}/TOKEN`)).toMatchObject({ status: 404 })
  }
})

test('a value is in no response, log line, audit event or database file', async () => {
  await using world = await openAcme()
  const answers: unknown[] = []
  const own: AcmeWorld['own'] = async (...call) => {
    const answer = await world.own(...call)
    answers.push(answer)
    return answer
  }
  const yaml = { 'content-type': 'application/yaml' }
  const repeated = { 'idempotency-key': 'once' }
  expect((await own('PUT', `${SECRETS}/TOKEN`, { value: CANARY }, repeated)).status).toBe(201)
  expect((await own('PUT', `${SECRETS}/TOKEN`, { value: CANARY })).status).toBe(200)
  expect((await own('PUT', `${SECRETS}/TOKEN`, `value: "${CANARY}"`, yaml)).status).toBe(200)
  await usingIt(world)
  // Every kind of refusal whose message could repeat the request.
  for (const [path, body, headers] of [
    ['TOKEN', { value: `${CANARY}\n` }],
    ['TOKEN', { value: [CANARY] }],
    ['TOKEN', { value: CANARY, valeu: CANARY }],
    ['TOKEN', { value: CANARY.repeat(400) }],
    ['token', { value: CANARY }],
    ['TOKEN', `{"value": "${CANARY}`],
    ['TOKEN', `{"value": ${CANARY}}`],
    ['TOKEN', `value: *${CANARY}`, yaml],
    ['TOKEN', `value: !${CANARY} x`, yaml],
    ['TOKEN', `value: [${CANARY}`, yaml],
    ['TOKEN', `value: "\\q ${CANARY}"`, yaml],
    ['TOKEN', `value: x: ${CANARY}`, yaml],
  ] as const) {
    const refused = await own('PUT', `${SECRETS}/${path}`, body, headers)
    expect(refused, JSON.stringify(body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  }
  expect((await own('PUT', `${ACME}/environments/nowhere/secrets/TOKEN`, { value: CANARY })).status).toBe(404)
  expect((await own('DELETE', `${SECRETS}/TOKEN`)).status).toBe(409)
  await own('GET', `${SECRETS}/TOKEN`)
  await own('GET', SECRETS)
  await own('GET', `${ACME}/audit-events?limit=200`)
  const text = JSON.stringify(answers) + world.log()
  expect(text).not.toContain('canary-')
  expect(text).not.toContain('7dQ2vXo9LbE4')
  const events = (await world.own('GET', `${ACME}/audit-events?limit=200`)).body['items']
  const acts = (events as unknown as readonly { action: string; before: unknown; after: unknown }[])
    .filter(({ action }) => action.startsWith('secrets.'))
    .toReversed()
  const id = expect.stringMatching(/^sec_/) as string
  const shown = { id, environment: 'test', name: 'TOKEN' }
  expect(acts.map(({ action, before, after }) => ({ action, before, after }))).toEqual([
    { action: 'secrets.create', before: null, after: shown },
    { action: 'secrets.update', before: shown, after: shown },
    { action: 'secrets.update', before: shown, after: shown },
  ])
  // The value exists; only a gateway can read it.
  expect(opened(world, 'TOKEN')).toBe(CANARY)
  const files = await readdir(world.folder)
  expect(files).toContain('store.db-wal')
  const bytes = Buffer.concat(
    await Promise.all(files.map(async (file) => await readFile(join(world.folder, file)))),
  )
  expect(bytes.includes('TOKEN')).toBe(true)
  for (const form of ['latin1', 'base64', 'base64url', 'hex'] as const) {
    expect(bytes.includes(Buffer.from(CANARY).toString(form).slice(0, 24)), form).toBe(false)
  }
})

test('refuses to remove a secret that live deployments use, and lists them', async () => {
  await using world = await openAcme()
  await world.own('PUT', `${SECRETS}/TOKEN`, { value: 'x' })
  await world.own('PUT', `${SECRETS}/TOKEN_2`, { value: 'x' })
  const inHeader = await usingIt(world)
  world.clock.nowMs += 1
  const inUrl = await usingIt(world, 'invoices', 'https://example.com/?key={secrets.TOKEN}')
  const usedBy = [
    { pipeline: 'orders', version: '1.0', deploymentId: inHeader['id'] },
    { pipeline: 'invoices', version: '1.0', deploymentId: inUrl['id'] },
  ]
  const refused = await world.own('DELETE', `${SECRETS}/TOKEN`)
  expect(refused).toMatchObject({ status: 409, body: { code: 'conflict', usedBy } })
  expect(textOf(refused.body['detail'])).toContain('orders 1.0, invoices 1.0')
  // An unused secret can be removed, and so can one with the same name in another environment.
  expect((await world.own('DELETE', `${SECRETS}/TOKEN_2`)).status).toBe(200)
  const prod = `${ACME}/environments/prod/secrets/TOKEN`
  await world.own('PUT', prod, { value: 'x' })
  expect((await world.own('DELETE', prod)).status).toBe(200)

  for (const deployment of [inHeader, inUrl]) {
    expect((await world.own('DELETE', `${SECRETS}/TOKEN`)).status).toBe(409)
    await world.own('DELETE', `${ACME}/deployments/${textOf(deployment['id'])}`)
  }
  expect((await world.own('DELETE', `${SECRETS}/TOKEN`)).status).toBe(200)
})

describe('a value', () => {
  test.each([
    ['one character', '!', 201],
    ['nothing', '', 400],
    ['as long as it may be', 'x'.repeat(8192), 201],
    ['one character longer', 'x'.repeat(8193), 400],
    ['a space inside', 'a b', 201],
    ['a space before', ' ab', 400],
    ['a space behind', 'ab ', 400],
    ['a tab inside', 'a\tb', 400],
    ['a tab alone', '\t', 400],
    ['a line break', 'a\nb', 400],
    ['a carriage return', 'a\rb', 400],
    ['NUL', 'a\0b', 400],
    ['the last of visible ASCII', 'a~', 201],
    ['DEL', 'a\x7f', 400],
    ['a letter past ASCII', 'é', 400],
    ['a number', 7, 400],
    ['null', null, 400],
  ])('of %s', async (_name, value, status) => {
    await using world = await openAcme()
    const answer = await world.own('PUT', `${SECRETS}/TOKEN`, { value })
    expect(answer.status).toBe(status)
    if (status === 400 && value !== 'a\0b') {
      expect(answer.body).toMatchObject({ code: 'invalid_request', errors: [{ path: '/value' }] })
    }
  })
})

test('rejects names that templates cannot use', async () => {
  await using world = await openAcme()
  for (const name of ['A', 'A1_', 'X'.repeat(64)]) {
    expect((await world.own('PUT', `${SECRETS}/${name}`, { value: 'x' })).status).toBe(201)
  }
  for (const name of ['a', '1A', '_A', 'A-B', 'X'.repeat(65), 'A%20B', '__proto__', 'constructor']) {
    const answer = await world.own('PUT', `${SECRETS}/${name}`, { value: 'x' })
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'path/name' }] } })
    expect((await world.own('GET', `${SECRETS}/${name}`)).status).toBe(404)
  }
})

test('enforces the permissions per environment', async () => {
  await using world = await openAcme()
  await world.own('PUT', `${SECRETS}/TOKEN`, { value: 'x' })
  const rival = bearer(
    (await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })).body['token'],
  )
  const statuses = async (headers: Record<string, string>) => [
    (await world.call('GET', SECRETS, undefined, headers)).status,
    (await world.call('GET', `${SECRETS}/TOKEN`, undefined, headers)).status,
    (await world.call('PUT', `${SECRETS}/TOKEN`, { value: 'mine' }, headers)).status,
    (await world.call('DELETE', `${SECRETS}/NOT_THERE`, undefined, headers)).status,
  ]
  expect(await statuses({})).toEqual([401, 401, 401, 401])
  expect(await statuses(rival)).toEqual([404, 404, 404, 404])
  expect(await statuses(await withRoles(world, ['auditor']))).toEqual([200, 200, 403, 403])
  expect(await statuses(await withRoles(world, ['developer'], 'prod'))).toEqual([404, 404, 404, 404])
  expect(opened(world, 'TOKEN')).toBe('x')
  expect(await statuses(await withRoles(world, ['developer'], 'test'))).toEqual([200, 200, 200, 404])
})
