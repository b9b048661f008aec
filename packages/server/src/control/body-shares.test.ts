import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { ACME, bearer, openAcme, type AcmeWorld, type Json } from './testing/control-world.ts'

/** The time for something to happen on a busy machine, in ms. */
const WAIT = { timeout: 60_000 }
/** More bodies of unknown length than one key, or one organization, can send at a time. */
const MANY = 50

let world: AcmeWorld
let port: number
let other: Json | undefined
const open: Socket[] = []

beforeAll(async () => {
  world = await openAcme()
  port = await world.port()
  const made = await world.own('POST', '/v1/organizations', { slug: 'globex', name: 'Globex' })
  other = made.body['token']
})

afterEach(async () => {
  await Promise.all(
    open.splice(0).map(async (socket) => {
      socket.destroy()
      if (!socket.closed) await once(socket, 'close')
    }),
  )
  // The server learns of the end of a connection a moment later.
  const body = { name: 'x'.repeat(900_000) }
  await expect.poll(async () => (await world.own('POST', `${ACME}/projects`, body)).status, WAIT).toBe(400)
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

/** Starts a request whose body never ends. @returns what the server has sent so far */
async function startBody(
  path: string,
  headers: readonly string[],
  type = 'application/json',
): Promise<() => string> {
  const socket = connect({ port, host: '127.0.0.1' })
  open.push(socket)
  let received = ''
  socket.setEncoding('utf8').on('data', (text: string) => (received += text))
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  const lines = ['host: localhost', `content-type: ${type}`, ...headers].map((line) => `${line}\r\n`)
  socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
  return () => received
}

const WITHOUT_LENGTH = 'transfer-encoding: chunked'

test('the slow bodies of one key leave room for its organization, and those of one organization for others', async () => {
  const project = { name: 'still' }
  const second = await world.own('POST', `${ACME}/keys`, { name: 'second', type: 'secret', roles: ['owner'] })
  const headers = [`authorization: ${world.owner.authorization}`, WITHOUT_LENGTH]
  const started = await Promise.all(Array.from({ length: MANY }, () => startBody(`${ACME}/keys`, headers)))
  const refused = (): number => started.filter((answer) => answer().includes('"code":"unavailable"')).length
  // One key can send 9/16 of 64 MiB at a time; a body without a length counts with the most that it can have, 1 MiB.
  await expect.poll(refused, WAIT).toBe(MANY - 36)
  expect(started.some((answer) => answer().includes('Your organization sends too many request bodies'))).toBe(
    true,
  )

  expect(await world.own('POST', `${ACME}/projects`, project)).toMatchObject({ status: 503 })
  expect(await world.own('GET', `${ACME}/projects`)).toMatchObject({ status: 200 })
  const ofSecond = bearer(second.body['token'])
  expect(await world.call('POST', `${ACME}/projects`, { name: 'mine' }, ofSecond)).toMatchObject({
    status: 201,
  })
  const globex = '/v1/organizations/globex/projects'
  expect(await world.call('POST', globex, project, bearer(other))).toMatchObject({ status: 201 })

  for (const socket of open) socket.destroy()
  await expect.poll(async () => (await world.own('POST', `${ACME}/projects`, project)).status, WAIT).toBe(201)
})

test('the files of imports count until they have arrived', async () => {
  const headers = [`authorization: ${world.owner.authorization}`, WITHOUT_LENGTH]
  const started = await Promise.all(
    Array.from({ length: MANY }, () => startBody(`${ACME}/imports`, headers, 'text/csv')),
  )
  await expect
    .poll(() => started.filter((answer) => answer().includes('"code":"unavailable"')).length, WAIT)
    .toBe(MANY - 36)
})

test('the files of imports that were refused count until the rest of them has arrived', async () => {
  const headers = [`authorization: ${world.owner.authorization}`, WITHOUT_LENGTH]
  const header = 'name,token,colour\nA,b,c\n'.repeat(2)
  const refuse = async (): Promise<() => string> => {
    const answer = await startBody(`${ACME}/imports`, headers, 'text/csv')
    open.at(-1)?.write(`${header.length.toString(16)}\r\n${header}\r\n`)
    await expect.poll(answer, WAIT).toMatch(/HTTP\/1.1 \d+ /)
    return answer
  }
  const statuses: string[] = []
  for (let file = 0; file < MANY; file += 1) statuses.push((await refuse())().slice(9, 12))
  expect(statuses).toEqual([...Array<string>(36).fill('400'), ...Array<string>(MANY - 36).fill('503')])
  // What follows ends the body, and gives its room back.
  open[0]?.write('0\r\n\r\n')
  await expect.poll(async () => (await refuse())().slice(9, 12), WAIT).toBe('400')
})

test('room is given back when a body is parsed, refused or invalid', async () => {
  const before = { ...world.owner, 'content-type': 'application/json' }
  for (let round = 0; round < 40; round += 1) {
    const bodies = ['{', '{}', `{"name": "${'x'.repeat(900_000)}"}`]
    const answers = await Promise.all(
      bodies.map((body) => world.call('POST', `${ACME}/projects`, body, before)),
    )
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400])
  }
  expect(await world.call('POST', `${ACME}/projects`, { name: 'last' }, before)).toMatchObject({
    status: 201,
  })
})

test.each([
  ['an unknown route', '/v1/nowhere', 404],
  ['a route with another method', '/v1/whoami', 405],
  ['a caller without a credential', `${ACME}/keys`, 401],
])('%s is refused before its body is read', async (_name, path, status) => {
  const answer = await startBody(path, [WITHOUT_LENGTH])
  await expect.poll(answer, WAIT).toContain(`HTTP/1.1 ${status} `)
})

test('the slow bodies of set-up leave room for organizations and for other addresses', async () => {
  const started = await Promise.all(
    Array.from({ length: MANY }, () => startBody('/v1/setup', [WITHOUT_LENGTH])),
  )
  await expect
    .poll(() => started.filter((answer) => answer().includes('unavailable')).length, WAIT)
    .toBe(MANY - 36)
  expect(await world.own('POST', `${ACME}/projects`, { name: 'beside' })).toMatchObject({ status: 201 })
})
