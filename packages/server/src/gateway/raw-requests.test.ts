import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RawConnection } from './testing/raw-connection.ts'
import { answerTo, ExactUpstream, idOf } from './testing/raw-requests/exact-upstream.ts'
import { FORMS, plainRequest, withId, type Form } from './testing/raw-requests/forms.ts'
import { readMessages, type Message } from './testing/raw-requests/messages.ts'
import { ACME, deployment, OPEN, proxyTo, startWith, type StartedGateway } from './testing/started-gateway.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** Into how many pieces a request is cut. */
const PIECES = 7

let upstream: ExactUpstream
let gateway: StartedGateway

beforeAll(async () => {
  upstream = await ExactUpstream.start()
  const trigger = { paths: ['/raw'], methods: [...METHODS], authentication: OPEN, requestBytesMax: 500_000 }
  gateway = await startWith([...ACME, deployment(trigger, proxyTo(upstream.url))])
})

afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})

/** What a request is answered with: its status, and what the upstream said of it. */
interface Answer {
  readonly status: number
  readonly said: string | null
}

/** A request of a connection, and what must become of it. */
interface Sent {
  readonly id: string
  readonly bytes: string
  readonly outcome: Form['outcome']
}

const PLAIN: Form['outcome'] = { status: 200, passed: { method: 'GET', body: '' }, staysOpen: true }

function plain(id: string): Sent {
  return { id, bytes: plainRequest(id), outcome: PLAIN }
}

/** The requests of a connection that are answered: up to the first after which it closes. */
function answeredOf(sent: readonly Sent[]): readonly Sent[] {
  const last = sent.findIndex(({ outcome }) => !outcome.staysOpen)
  return last < 0 ? sent : sent.slice(0, last + 1)
}

function expectedAnswer({ id, outcome }: Sent): Answer | null {
  if (outcome.status === null) return null
  if (outcome.passed === null) return { status: outcome.status, said: null }
  const { method, body } = outcome.passed
  return { status: outcome.status, said: method === 'HEAD' ? '' : answerTo(method, `/?id=${id}`, body) }
}

function answerOf({ start, body }: Message): Answer {
  const status = Number(start.split(' ')[1])
  if (status === 200) return { status, said: body }
  // A problem arrives whole.
  expect(JSON.parse(body)).toMatchObject({ status })
  return { status, said: null }
}

/** Sends bytes so that they arrive in several reads. */
async function inPieces(connection: RawConnection, bytes: string): Promise<void> {
  const length = Math.ceil(bytes.length / PIECES)
  for (let start = 0; start < bytes.length; start += length) {
    connection.send(bytes.slice(start, start + length))
    await setTimeout(1)
  }
}

const atOnce = (connection: RawConnection, bytes: string): void => connection.send(bytes)

/** Sends requests on one connection, and compares what came of each. */
async function check(
  sent: readonly Sent[],
  send: (connection: RawConnection, bytes: string) => void | Promise<void> = atOnce,
): Promise<void> {
  upstream.take()
  const answered = answeredOf(sent)
  const isHead = (index: number): boolean => answered[index]?.outcome.passed?.method === 'HEAD'
  const finals = (text: string): readonly Message[] =>
    readMessages(text, true, isHead).messages.filter(({ start }) => !start.startsWith('HTTP/1.1 1'))
  const expected = answered.map(expectedAnswer).filter((answer) => answer !== null)
  await using connection = await RawConnection.open(gateway.gateway.port)
  await send(connection, sent.map(({ bytes }) => bytes).join(''))
  const staysOpen = answered.at(-1)?.outcome.staysOpen === true
  if (staysOpen) {
    await connection.untilHas((text) => finals(text).length >= expected.length)
    // Still serves, and nothing came in between.
    connection.send(plainRequest('end', ['Connection: close']))
  }
  const text = await connection.closed()
  const { messages, rest } = readMessages(text, true, isHead)
  const answers = messages.filter(({ start }) => !start.startsWith('HTTP/1.1 1')).map(answerOf)
  const end: Answer[] = staysOpen ? [{ status: 200, said: answerTo('GET', '/?id=end', '') }] : []
  expect(answers).toEqual([...expected, ...end])
  expect(rest).toBe('')
  const passed = answered.flatMap(({ id, outcome }) =>
    outcome.passed === null ? [] : [{ id, method: outcome.passed.method, body: outcome.passed.body }],
  )
  const received = upstream.take().map(({ method, target, body }) => ({ id: idOf(target), method, body }))
  expect(received).toEqual([...passed, ...(staysOpen ? [{ id: 'end', method: 'GET', body: '' }] : [])])
}

test('A connection on which too many requests wait ends, and other connections do not notice', async () => {
  upstream.take()
  await using flooding = await RawConnection.open(gateway.gateway.port)
  const held = 'POST /acme/prod/raw?id=held HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello'
  flooding.send(held + plainRequest('waiting').repeat(2_000))
  await flooding.closed()
  await check([plain('other')])
})

test('Many requests in one packet are checked in the time of one look at it', async () => {
  const line = 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'
  await using connection = await RawConnection.open(gateway.gateway.port)
  connection.send(line.repeat(100) + line.replace('/ HTTP/1.0', '/other RTSP/1.0'))
  const { messages } = readMessages(await connection.closed(), true)
  expect(messages.map(({ start }) => Number(start.split(' ')[1]))).toEqual([
    ...Array<number>(100).fill(404),
    400,
  ])
})

test.each(FORMS)(
  '$name: alone, in pieces, behind a request, and before one',
  async ({ bytes, outcome, mustBeWhole }) => {
    const form = { id: 'form', bytes: withId(bytes, 'form'), outcome }
    await check([form])
    if (mustBeWhole !== true) await check([form], inPieces)
    await check([plain('before'), form])
    await check([form, plain('after')])
  },
)
