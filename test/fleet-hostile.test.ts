import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { fleetKeys, fleetName } from '../packages/server/src/crypto/derived/fleet-keys.ts'
import { encodeBlock } from '../packages/server/src/fleet/blocks/block.ts'
import { newCredential, newEnrolmentToken } from '../packages/server/src/fleet/stream/credentials.ts'
import { startHostileNode } from './fleet-hostile/hostile-node.ts'
import { openRawStream, statusOf } from './fleet-hostile/raw-stream.ts'
import { run } from './services/programs.ts'
import { ApiClient, setUpAcme, textAt } from './support/api-client.ts'
import { eventually } from './support/eventually.ts'
import { enrolmentToken, removeGateway, startFleetGateway, type FleetGateway } from './support/fleet.ts'
import { residentBytes } from './support/process-memory.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'
import { mountSmallDisk } from './support/small-disk.ts'
import { startEchoUpstream } from './support/upstream.ts'

const HALF_OPEN = 1_000
const DISK_BYTES = 4 * 1024 * 1024
const FIRST = { revision: 0, hash: '' }

const stack = new AsyncDisposableStack()
let settings: Readonly<Record<string, string>>
let control: ServerProcess
let acme: ApiClient
let path: string
let consumer: string
let key: string
/** Enrols as many gateways as these tests need. */
let enrolling: string

beforeAll(async () => {
  const upstream = stack.use(await startEchoUpstream())
  const folder = stack.use(await temporaryFolder())
  settings = { SALLYPORT_DATA: folder.path, SALLYPORT_GATEWAY_LEASE_SECONDS: '2' }
  control = stack.use(
    await startServerProcess({ ...settings, SALLYPORT_GATEWAY_URL: 'http://gateways.test' }, 'control'),
  )
  acme = await setUpAcme(control)
  ;({ path, token: key } = await publishPipeline(acme, 'orders', `${upstream.url}/orders`))
  const { items } = await acme.must('GET', '/v1/organizations/acme/consumers?environment=prod')
  consumer = textAt((items as unknown as readonly unknown[])[0], 'id')
  enrolling = await enrolmentToken(settings, 100)
})
afterAll(async () => await stack.disposeAsync())

async function call(gateway: FleetGateway, token: string): Promise<number> {
  return (await new ApiClient(gateway.url).call('GET', path, undefined, { 'x-api-key': token })).status
}

async function newKey(): Promise<{ readonly id: string; readonly token: string }> {
  const body = { name: 'caller', type: 'secret', environment: 'prod', consumer }
  const made = await acme.must('POST', '/v1/organizations/acme/keys', body)
  return { id: textAt(made, 'key', 'id'), token: textAt(made, 'token') }
}

/** Removes what earlier tests have enrolled: a receipt waits for each. */
async function removeAll(): Promise<void> {
  const { items } = await acme.must('GET', '/v1/organizations/acme/gateways')
  const enrolled = items as unknown as readonly { readonly id: string; readonly name: string | null }[]
  for (const { id, name } of enrolled) if (name !== null) await removeGateway(settings, id)
}

/** Whether the node has ended the stream of a gateway. */
function disconnected(id: string): boolean {
  const { stdout, stderr } = control.output
  return (stdout + stderr)
    .split('\n')
    .some((line) => line.includes(id) && line.includes('a gateway is disconnected'))
}

/** That the node serves everything else as before. */
async function expectAlive(): Promise<void> {
  expect((await acme.call('GET', '/v1/whoami')).status).toBe(200)
  await using stream = await openRawStream(control.controlUrl, { token: enrolling })
  expect(await stream.call('ask', [FIRST])).toMatchObject({ r: { lost: [] } })
  expect(stream.blocks.length).toBeGreaterThan(0)
}

describe('a control node', () => {
  afterAll(removeAll)

  test('gives no stream to a process without a usable credential', async () => {
    const url = control.controlUrl
    const credential = newCredential()
    const authorization = `Bearer ${credential}`
    const ofAnotherFleet = newEnrolmentToken(fleetKeys(randomBytes(32)).publicKey)
    const token = await enrolmentToken(settings)
    expect(await statusOf(url, {})).toBe(401)
    expect(await statusOf(url, { authorization: 'Bearer spg_short' })).toBe(401)
    expect(await statusOf(url, { authorization: `Basic ${credential}` })).toBe(401)
    expect(await statusOf(url, { authorization })).toBe(401)
    expect(await statusOf(url, { authorization, 'sallyport-enrolment': ofAnotherFleet })).toBe(401)
    expect(await statusOf(url, { authorization, 'sallyport-enrolment': 'x'.repeat(8_000) })).toBe(401)
    const tooNew = { 'sallyport-versions': 'protocol=7-9, records=1-1' }
    const headers = { authorization, 'sallyport-enrolment': token }
    expect(await statusOf(url, { ...headers, ...tooNew })).toBe(409)
    expect(await statusOf(url, { ...headers, 'sallyport-versions': 'all' })).toBe(400)
    // Neither has used the token up, so this one does.
    expect(await statusOf(url, headers)).toBe(101)
    const other = `Bearer ${newCredential()}`
    expect(await statusOf(url, { ...headers, authorization: other })).toBe(401)
  })

  test('gives no stream to a gateway that was removed, and ends the one that it has', async () => {
    const credential = newCredential()
    await using stream = await openRawStream(control.controlUrl, {
      token: enrolling,
      credential,
    })
    await removeGateway(settings, String(stream.greeting['id']))
    expect(await stream.closed).toBe(4001)
    expect(await statusOf(control.controlUrl, { authorization: `Bearer ${credential}` })).toBe(401)
  })

  test('ends the stream of a gateway when another one begins with its credential', async () => {
    const credential = newCredential()
    await using first = await openRawStream(control.controlUrl, {
      token: enrolling,
      credential,
    })
    await using second = await openRawStream(control.controlUrl, { credential })
    expect(await first.closed).toBe(4001)
    expect(second.greeting['id']).toBe(first.greeting['id'])
    expect(await second.call('ask', [FIRST])).toMatchObject({ r: { lost: [] } })
  })

  test.each([
    ['is not JSON', '{', 1002],
    ['is no message', 'null', 1002],
    ['has an error that is none', '{"t":"s","i":"1","e":null}', 1002],
    ['is a block', Buffer.from([0, 1, 2]), 1002],
    ['is too large', Buffer.alloc(64 * 1024 * 1024 + 1), 1009],
    ['is text and not UTF-8', Buffer.from([0xc3, 0x28]), 1007],
  ])('ends a stream whose message %s', async (_, message, code) => {
    await using stream = await openRawStream(control.controlUrl, { token: enrolling })
    stream.socket.send(message, { binary: typeof message !== 'string' && code !== 1007 })
    expect(await stream.closed).toBe(code)
    await expectAlive()
  })

  test('answers calls that a gateway may not make, or with arguments that are none, with errors', async () => {
    await using stream = await openRawStream(control.controlUrl, { token: enrolling })
    const named = ['ask', 'report', 'replaceCredential', 'addUsage', 'addRequests']
    const runs = ['claim', 'finish', 'standing', 'beat', 'askToEnd', 'abandon']
    const hostile: readonly unknown[] = [
      [],
      [null],
      [{}],
      [{ revision: -1, hash: '' }],
      [{ revision: 1.5, hash: 'x'.repeat(5_000) }],
      [[{ __proto__: null }]],
      ['x'.repeat(100_000)],
      'text',
      7,
      null,
      [{ revision: 1, hash: '' }, { a: { b: 1 } }],
      [{ revision: 1, hash: '' }, Object.fromEntries(Array.from({ length: 33 }, (_, index) => [index, 1]))],
    ]
    for (const name of [...named, ...runs]) {
      for (const args of hostile) expect(await stream.call(name, args)).toHaveProperty('e')
    }
    const ofRelays = ['findGateway', 'enrolGateway', 'attachGateway', 'reportGateways', 'endGateway']
    for (const name of [...ofRelays, 'greet', 'constructor', '__proto__', 'then', '$close', ''])
      expect(await stream.call(name, ['0'.repeat(64)])).toHaveProperty('e')
    // A report before the first question, an answer to no question, and a question again are not errors.
    stream.socket.send('{"t":"s","i":"none","r":1}')
    expect(await stream.call('report', [FIRST, { version: 'x' }])).not.toHaveProperty('e')
    expect(await stream.call('ask', [FIRST])).toHaveProperty('r')
    expect(await stream.call('ask', [{ revision: 999_999, hash: 'no such' }])).toHaveProperty('r')
  })

  test('does not believe a position that is not of its history', async () => {
    await using stream = await openRawStream(control.controlUrl, { token: enrolling })
    const id = String(stream.greeting['id'])
    await stream.call('ask', [FIRST])
    await stream.call('report', [{ revision: 1_000_000, hash: 'f'.repeat(64) }, {}])
    const { id: keyId } = await newKey()
    const { receipt } = await acme.must('DELETE', `/v1/organizations/acme/keys/${keyId}?wait=1`)
    expect(receipt).toMatchObject({ confirmed: false })
    expect(receipt).toHaveProperty(
      'gateways',
      expect.arrayContaining([expect.objectContaining({ id, confirmed: false })]),
    )
  })

  test('keeps little in memory for gateways that ask and do not read', async () => {
    await using slow = await openRawStream(control.controlUrl, { token: enrolling })
    slow.socket.pause()
    const before = await residentBytes(control.pid)
    for (let index = 0; index < 300_000; index += 1) {
      const name = index % 2 === 0 ? 'sendSnapshot' : 'no such function with a long name'.repeat(20)
      slow.socket.send(JSON.stringify({ t: 'q', i: `${index}`, m: name, a: [] }))
    }
    await eventually(() => expect(disconnected(String(slow.greeting['id']))).toBe(true))
    expect((await residentBytes(control.pid)) - before).toBeLessThan(600 * 1024 * 1024)
    await expectAlive()
  })

  test('serves others while a thousand connections are half open', async () => {
    const { hostname, port } = new URL(control.controlUrl)
    const sockets: Socket[] = []
    try {
      for (let index = 0; index < HALF_OPEN; index += 1) {
        const socket = connect(Number(port), hostname)
        socket.on('error', () => undefined)
        sockets.push(socket)
        await once(socket, 'connect')
        socket.write('GET /fleet/stream HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\n')
      }
      await expectAlive()
      // Each is ended, although its other side never says more.
      await Promise.all(sockets.map(async (socket) => await once(socket.resume(), 'close')))
    } finally {
      for (const socket of sockets) socket.destroy()
    }
  })
})

describe('a gateway', () => {
  let gateway: FleetGateway
  const greeting = { id: 'gw_0', name: 'x', leaseMs: 2_000, nowMs: 0, counters: '' }
  const keys = {
    records: Buffer.alloc(32).toString('base64url'),
    importedKeyIds: Buffer.alloc(32).toString('base64url'),
  }
  const greet = JSON.stringify({ t: 'q', m: 'greet', a: [{ ...greeting, ...keys }] })

  beforeAll(async () => {
    gateway = await startFleetGateway(control.controlUrl, enrolling)
    await eventually(async () => expect(await call(gateway, key)).toBe(200))
  })
  afterAll(async () => await gateway[Symbol.asyncDispose]())

  /** A block of the fleet itself, which is an old one: the first part of what every gateway gets. */
  async function oldBlock(): Promise<{ readonly block: Buffer; readonly id: string }> {
    await using stream = await openRawStream(control.controlUrl, { token: enrolling })
    await stream.call('ask', [FIRST])
    const [block] = stream.blocks
    if (block === undefined) throw new Error('the node has sent no block')
    return { block, id: String(stream.greeting['id']) }
  }

  /** Waits until the gateway has reported that it has a revision on its disk. */
  async function untilReported(revision: number): Promise<void> {
    await eventually(async () => {
      const { items } = await acme.must('GET', '/v1/organizations/acme/gateways')
      const listed = items as unknown as readonly { readonly role: string; readonly revision: number }[]
      const reported = listed.find(({ role }) => role === 'gateway')?.revision
      expect(reported).toBeGreaterThanOrEqual(revision)
    })
  }

  const other = fleetKeys(randomBytes(32))
  const head = { kind: 'changes', fleet: fleetName(other.publicKey), from: FIRST, to: FIRST } as const
  const ofAnotherFleet = Buffer.concat([Buffer.of(0), encodeBlock(head, [], other.signing)])

  test.each<readonly [string, readonly (string | Buffer)[], string]>([
    ['never greets', [], 'has not greeted in time'],
    ['sends blocks before it greets', [ofAnotherFleet], 'has not greeted in time'],
    ['sends messages that cannot be read', [greet, '{'], 'a message could not be read'],
    [
      'sends damaged blocks',
      [greet, Buffer.alloc(500)],
      'The signature of the block is not one of this fleet',
    ],
    ['sends blocks of another fleet', [greet, ofAnotherFleet], 'The signature of the block'],
    [
      'grants what it has not sent',
      [greet, JSON.stringify({ t: 's', i: 'ASKED', r: { revision: 9, hash: 'h', node: 'n', lost: [] } })],
      'which this gateway has not reached',
    ],
    [
      'greets with versions that are too new',
      [
        JSON.stringify({
          t: 'q',
          m: 'greet',
          a: [{ ...greeting, ...keys, versions: 'protocol=8-9, records=1-1' }],
        }),
      ],
      'Upgrade the gateway',
    ],
  ])('goes on by what it has at a node that %s', async (_, messages, logged) => {
    const [first, ...others] = messages
    await using node = await startHostileNode((socket) => {
      if (first !== undefined) socket.send(first)
      socket.on('message', (data: Buffer) => {
        const { i, m } = JSON.parse(data.toString()) as { readonly i: string; readonly m: string }
        // Before its first question a gateway expects nothing but the greeting.
        if (m !== 'ask') return
        for (const message of others)
          socket.send(typeof message === 'string' ? message.replace('ASKED', i) : message)
      })
    })
    await gateway.process.stop('SIGTERM')
    await gateway.startAgain({ SALLYPORT_CONTROL_URL: node.url })
    await eventually(() => {
      expect(node.streams).toBeGreaterThan(0)
      expect(gateway.process.output.stderr).toContain(logged)
    })
    expect(await call(gateway, key)).toBe(200)
  })

  test('counts its lease as over at a node that gives no grants', async () => {
    let questions = 0
    await using node = await startHostileNode((socket) => {
      socket.send(greet)
      socket.on('message', (data: Buffer) => {
        if ((JSON.parse(data.toString()) as { readonly m: string }).m === 'ask') questions += 1
      })
    })
    const whenStale = async (value: string): Promise<unknown> =>
      await acme.must('PATCH', '/v1/organizations/acme/environments/prod', { whenStale: value })
    await gateway.process.stop('SIGTERM')
    await gateway.startAgain()
    const { receipt } = (await whenStale('refuse')) as { readonly receipt: { readonly revision: number } }
    await untilReported(receipt.revision)
    expect(await call(gateway, key)).toBe(200)
    await gateway.process.stop('SIGTERM')
    await gateway.startAgain({ SALLYPORT_CONTROL_URL: node.url })
    await eventually(() => expect(questions).toBeGreaterThan(0))
    expect(await call(gateway, key)).toBe(503)
    // With a right node it goes on.
    await gateway.process.stop('SIGTERM')
    await gateway.startAgain()
    await eventually(async () => expect(await call(gateway, key)).toBe(200))
    await whenStale('serve')
  })

  test('takes no older blocks again', async () => {
    const { block, id: reader } = await oldBlock()
    await removeGateway(settings, reader)
    await using node = await startHostileNode((socket) => {
      socket.send(greet)
      socket.once('message', () => socket.send(block))
    })
    const { id, token } = await newKey()
    await gateway.process.stop('SIGTERM')
    await gateway.startAgain()
    await eventually(async () => expect(await call(gateway, token)).toBe(200))
    const { receipt } = await acme.must('DELETE', `/v1/organizations/acme/keys/${id}`)
    // Not the receipt itself: on a busy machine, the lease of 2 s can be over while it waits.
    await untilReported(Number((receipt as { readonly revision?: number }).revision))
    await gateway.process.stop('SIGTERM')
    await gateway.startAgain({ SALLYPORT_CONTROL_URL: node.url })
    await eventually(() => expect(node.streams).toBeGreaterThan(0))
    expect(await call(gateway, token)).toBe(401)
  })
})

describe('a gateway whose disk fails', () => {
  beforeEach(removeAll)

  test('does not start from an older state than it has reported when the disk was full', async () => {
    await using folder = await temporaryFolder()
    await using disk = await mountSmallDisk(folder.path, DISK_BYTES)
    const more = { SALLYPORT_DATA: folder.path }
    await using gateway = await startFleetGateway(control.controlUrl, enrolling, more)
    const { id, token } = await newKey()
    await eventually(async () => expect(await call(gateway, token)).toBe(200))
    await disk.fill()
    // Larger than what is left of the last block of the disk.
    const labels = Object.fromEntries(
      Array.from({ length: 15 }, (_, index) => [`l${index}`, 'x'.repeat(100)]),
    )
    for (let round = 0; round < 8; round += 1) {
      await acme.must('PATCH', `/v1/organizations/acme/keys/${id}?wait=0`, {
        labels: { ...labels, round: randomBytes(30).toString('hex') },
      })
    }
    const { receipt } = await acme.must('DELETE', `/v1/organizations/acme/keys/${id}?wait=30`)
    expect(receipt).toMatchObject({ confirmed: true })
    expect(await call(gateway, token)).toBe(401)
    await eventually(() =>
      expect(gateway.process.output.stderr).toContain('the file of the snapshot cannot be written'),
    )
    await gateway.process.stop('SIGKILL')
    await disk.free()
    await gateway.startAgain()
    expect(gateway.process.output.stderr).not.toContain('started from the snapshot of the last run')
    expect(await call(gateway, token)).toBe(401)
    expect(await call(gateway, key)).toBe(200)
  })

  test('does not start while its data folder is read-only, and goes on afterwards', async () => {
    await using folder = await temporaryFolder()
    await using mounts = new AsyncDisposableStack()
    mounts.use(await mountSmallDisk(folder.path, DISK_BYTES))
    const more = { SALLYPORT_DATA: folder.path }
    await using gateway = await startFleetGateway(control.controlUrl, enrolling, more)
    const { id, token } = await newKey()
    await eventually(async () => expect(await call(gateway, token)).toBe(200))
    await gateway.process.stop('SIGTERM')
    await run('mount', ['-o', 'remount,ro', folder.path])
    await expect(gateway.startAgain()).rejects.toThrow('SALLYPORT_DATA')
    await run('mount', ['-o', 'remount,rw', folder.path])
    await gateway.startAgain()
    await eventually(async () => {
      const { receipt } = await acme.must('DELETE', `/v1/organizations/acme/keys/${id}?wait=1`)
      expect(receipt).toMatchObject({ confirmed: true })
    })
    expect(await call(gateway, token)).toBe(401)
  })
})
