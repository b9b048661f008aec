import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sendBrokenBody } from '../../../../test/support/broken-body.ts'
import { openAcme, type AcmeWorld } from './testing/control-world.ts'

const MIB = 1024 * 1024

let world: AcmeWorld
let port: number

beforeAll(async () => {
  world = await openAcme()
  port = await world.port()
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

/** Sends a request with a body, and reads only when all of it was sent, as many clients do. */
async function sendThenRead(line: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const all = { host: 'localhost', connection: 'close', 'content-length': String(4 * MIB), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  const socket = connect(port, '127.0.0.1')
  socket.write(`${line}\r\n${lines.join('')}\r\n`)
  await new Promise((resolve) => socket.write(Buffer.alloc(4 * MIB, ' '), resolve))
  return await text(socket)
}

describe('The response to a request with a large unread body arrives', () => {
  test.each([
    ['of a body that is too large', 'POST /v1/organizations/acme/keys HTTP/1.1', true, 413],
    ['without a credential', 'POST /v1/organizations/acme/keys HTTP/1.1', false, 401],
    ['of a route that reads none', 'GET /healthz HTTP/1.1', false, 200],
    ['of an unknown route', 'PUT /v1/nothing HTTP/1.1', false, 404],
  ])('%s', async (_name, line, hasKey, status) => {
    const { authorization } = world.owner
    const key = hasKey ? { authorization, 'content-type': 'application/json' } : {}
    for (let round = 0; round < 10; round += 1) {
      const answer = await sendThenRead(line, key)
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
      expect(answer).toMatch(/\}$/)
    }
  })
})

test.each([
  ['after the response', 'POST /v1/organizations/acme/keys', 401],
  ['before the response', 'POST /v1/setup', 400],
] as const)(
  'A body that becomes invalid %s (%s) has one response, which arrives',
  async (breaks, line, status) => {
    const head = `${line} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`
    const answer = await sendBrokenBody(port, head, breaks)
    expect(answer.match(/HTTP\/1.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`])
    expect(answer).toMatch(/\}$/)
  },
)

test.each([
  ['a body that is too large', `content-length: ${2 * MIB}\r\n\r\n${' '.repeat(2 * MIB)}`, 413],
  [
    'a body that becomes too large',
    `transfer-encoding: chunked\r\n\r\n200000\r\n${' '.repeat(2 * MIB)}\r\n0\r\n\r\n`,
    413,
  ],
  ['an expectation', 'expect: foo\r\ncontent-length: 2\r\n\r\n{}', 417],
])(
  'a request behind the refusal of %s, which closes the connection, is not processed',
  async (_name, rest, status) => {
    const projects = '/v1/organizations/acme/projects'
    const head = `POST ${projects} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${world.owner.authorization}\r\ncontent-type: application/json\r\n`
    const body = JSON.stringify({ name: `behind-${rest.length}` })
    const socket = connect(port, '127.0.0.1')
    socket.write(`${head}${rest}${head}content-length: ${body.length}\r\n\r\n${body}`)
    const answers = await text(socket)
    expect(answers.match(/HTTP\/1.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`])
    const listed = await world.own('GET', projects)
    expect(JSON.stringify(listed.body)).not.toContain('behind-')
  },
)
