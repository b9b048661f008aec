import { randomBytes } from 'node:crypto'
import {
  type BasicCredentialRecord,
  type ConsumerRecord,
  type FeedRecord,
  recordIdentity,
} from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { hashPassword, verifyPassword } from '../crypto/password-hash.ts'
import { RawConnection } from './testing/raw-connection.ts'
import { RecordingUpstream } from './testing/recording-upstream.ts'
import {
  ACME,
  deployment,
  makeKey,
  OPEN,
  proxyTo,
  startWith,
  type StartedGateway,
} from './testing/started-gateway.ts'
import { transform } from './testing/step-fixtures.ts'

const PASSWORDS = { erp: 'right for erp', crm: 'right for crm', shop: 'right for shop', lab: 'right for lab' }
type Username = keyof typeof PASSWORDS

const hashes = new Map<string, string>()
for (const password of Object.values(PASSWORDS)) {
  hashes.set(password, await hashPassword(password, randomBytes))
}

function credential(username: Username, holder: string, environment = 'prod'): BasicCredentialRecord {
  const passwordHash = hashes.get(PASSWORDS[username]) ?? ''
  return {
    kind: 'basic-credential',
    organization: 'acme',
    environment,
    id: `bas_${username}`,
    username,
    consumer: holder,
    passwordHash,
  }
}

function consumer(name: string, fields: Partial<ConsumerRecord> = {}): ConsumerRecord {
  return {
    kind: 'consumer',
    organization: 'acme',
    id: `con_${name}`,
    name,
    environment: 'prod',
    active: true,
    pipelines: ['basic', 'both'],
    ...fields,
  }
}

const mobileKey = makeKey({ consumer: 'con_mobile', roles: [], environment: 'prod' })
const BASIC = { ...OPEN, basic: true }
const RECORDS: readonly FeedRecord[] = [
  ...ACME,
  consumer('mobile'),
  consumer('shop', { pipelines: ['both'] }),
  consumer('lab', { environment: 'test' }),
  // Two credentials of one consumer.
  credential('erp', 'con_mobile'),
  credential('crm', 'con_mobile'),
  credential('shop', 'con_shop'),
  credential('lab', 'con_lab', 'test'),
  mobileKey.record,
  deployment({ paths: ['/basic'], authentication: BASIC }, undefined, { pipeline: 'basic' }),
  deployment({ paths: ['/both'], authentication: { ...BASIC, apiKey: true } }, undefined, {
    pipeline: 'both',
  }),
  deployment({ paths: ['/open'], authentication: OPEN }, undefined, { pipeline: 'open' }),
]

/** A gateway that counts its verifications. */
async function startCounting(
  records: readonly FeedRecord[] = RECORDS,
): Promise<StartedGateway & { readonly verified: readonly string[] }> {
  const verified: string[] = []
  const verify = async (password: string, hash: string): Promise<boolean> => {
    verified.push(password)
    return await verifyPassword(password, hash)
  }
  return { ...(await startWith(records, { passwords: { verify } })), verified }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

const RIGHT = basic('erp', PASSWORDS.erp)

/** The same request at both entrances: to the pipeline itself, and as a description from another proxy. */
const ENTRANCES: Readonly<Record<string, (route: string) => readonly [string, Record<string, string>]>> = {
  'the pipeline': (route) => [`/acme/prod${route}`, {}],
  '/authz': (route) => ['/authz', { 'x-original-method': 'GET', 'x-original-url': `/acme/prod${route}` }],
}

interface Outcome {
  readonly status: number
  readonly code: string | null
  readonly challenge: string | null
}

async function callAt(
  entrance: string,
  { url }: StartedGateway,
  route: string,
  authorization: string | undefined,
  headers: Record<string, string> = {},
): Promise<Outcome> {
  const [path, description] = ENTRANCES[entrance]?.(route) ?? ['', {}]
  const answer = await fetch(url + path, {
    headers: { ...description, ...headers, ...(authorization === undefined ? {} : { authorization }) },
  })
  await answer.arrayBuffer()
  return {
    status: answer.status,
    code: answer.headers.get('x-sallyport-code'),
    challenge: answer.headers.get('www-authenticate'),
  }
}

const REFUSED: Outcome = {
  status: 401,
  code: 'basic_invalid',
  challenge: 'Basic realm="sallyport", charset="UTF-8"',
}

describe.each(Object.keys(ENTRANCES))('At %s', (entrance) => {
  test('each credential of a consumer opens the pipelines associated with the consumer', async () => {
    await using started = await startCounting()
    for (const username of ['erp', 'crm'] as const) {
      for (let round = 0; round < 2; round += 1) {
        const answer = await callAt(entrance, started, '/basic', basic(username, PASSWORDS[username]))
        expect(answer.status).toBe(200)
      }
    }
    expect(started.verified).toEqual([PASSWORDS.erp, PASSWORDS.crm])
    const other = await callAt(entrance, started, '/basic', basic('shop', PASSWORDS.shop))
    expect(other).toMatchObject({ status: 403, code: 'pipeline_not_allowed', challenge: null })
  })

  test('wrong, missing or malformed credentials are refused with a challenge', async () => {
    await using started = await startCounting()
    const encoded = (bytes: string | Uint8Array): string => `Basic ${Buffer.from(bytes).toString('base64')}`
    for (const authorization of [
      undefined,
      'Bearer eyJhbGciOiJFZERTQSJ9.e30.c2ln',
      'Negotiate abc',
      'Basic !',
      RIGHT.slice(0, -1),
      `${RIGHT}, ${RIGHT}`,
      encoded('erp'),
      encoded(':'),
      encoded(new Uint8Array([0x65, 0x72, 0x70, 0x3a, 0xff])),
      encoded(`erp:${PASSWORDS.erp}\n`),
      encoded(`erp:${'x'.repeat(8000)}`),
    ]) {
      expect(await callAt(entrance, started, '/basic', authorization)).toEqual(REFUSED)
    }
    // None of these could be valid, so none was verified.
    expect(started.verified).toEqual([])
    expect(await callAt(entrance, started, '/basic', basic('erp', `${PASSWORDS.erp}.`))).toEqual(REFUSED)
    expect(await callAt(entrance, started, '/basic', basic('lab', PASSWORDS.lab))).toEqual(REFUSED)
    expect(started.verified).toHaveLength(2)
    expect(await callAt(entrance, started, '/basic', 'Basic ')).toMatchObject({
      status: 401,
      code: 'credential_ambiguous',
    })
  })

  test('an unknown user gets the same refusal as a wrong password, after as many verifications', async () => {
    await using started = await startCounting()
    const counts: number[] = []
    for (const username of ['erp', 'nobody']) {
      const before = started.verified.length
      for (const password of ['wrong', 'wrong', 'wrong too']) {
        expect(await callAt(entrance, started, '/basic', basic(username, password))).toEqual(REFUSED)
      }
      counts.push(started.verified.length - before)
    }
    expect(counts).toEqual([2, 2])
  })

  test('a deactivated consumer or a removed credential is refused on the next request', async () => {
    await using started = await startCounting()
    expect((await callAt(entrance, started, '/basic', RIGHT)).status).toBe(200)
    const inactive = consumer('mobile', { active: false })
    await started.load([
      ...RECORDS.filter((each) => recordIdentity(each) !== recordIdentity(inactive)),
      inactive,
    ])
    expect(await callAt(entrance, started, '/basic', RIGHT)).toEqual(REFUSED)
    await started.load(RECORDS)
    expect((await callAt(entrance, started, '/basic', RIGHT)).status).toBe(200)
    await started.load(RECORDS.filter((record) => !('id' in record && record.id === 'bas_erp')))
    expect(await callAt(entrance, started, '/basic', RIGHT)).toEqual(REFUSED)
    const other = await callAt(entrance, started, '/basic', basic('crm', PASSWORDS.crm))
    expect(other.status).toBe(200)
  })

  test('a key and a credential must belong to the same consumer', async () => {
    await using started = await startCounting()
    const key = { 'x-api-key': mobileKey.token }
    expect((await callAt(entrance, started, '/both', RIGHT, key)).status).toBe(200)
    expect(await callAt(entrance, started, '/both', basic('shop', PASSWORDS.shop), key)).toEqual(REFUSED)
    expect(await callAt(entrance, started, '/both', undefined, key)).toEqual(REFUSED)
    expect(await callAt(entrance, started, '/both', RIGHT)).toMatchObject({ code: 'credential_missing' })
  })

  test('too many concurrent verifications give 503, while other requests are served', async () => {
    let open: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    let begun = 0
    const verify = async (password: string, hash: string): Promise<boolean> => {
      begun += 1
      await gate
      return await verifyPassword(password, hash)
    }
    const concurrency = { runningMax: 1, waitingMax: 1 }
    await using started = await startWith(RECORDS, { passwords: { verify, concurrency } })
    const waiting = [callAt(entrance, started, '/basic', RIGHT)]
    await expect.poll(() => begun).toBe(1)
    waiting.push(callAt(entrance, started, '/basic', basic('crm', 'wrong')))
    waiting.push(callAt(entrance, started, '/basic', basic('nobody', 'wrong')))
    const first = await Promise.race(waiting)
    expect(first).toEqual({ status: 503, code: 'unavailable', challenge: null })
    expect((await callAt(entrance, started, '/open', undefined)).status).toBe(200)
    open()
    const outcomes = (await Promise.all(waiting)).map(({ status }) => status)
    expect(outcomes.toSorted((left, right) => left - right)).toEqual([200, 401, 503])
  })
})

test("Another caller's key, read while a password is verified, does not replace the first caller's key", async () => {
  const gate = Promise.withResolvers<undefined>()
  let begun = 0
  const verify = async (password: string, hash: string): Promise<boolean> => {
    begun += 1
    await gate.promise
    return await verifyPassword(password, hash)
  }
  await using started = await startWith(RECORDS, { passwords: { verify } })
  const first = callAt('the pipeline', started, '/both', RIGHT, { 'x-api-key': mobileKey.token })
  await expect.poll(() => begun).toBe(1)
  const stranger = { 'x-api-key': makeKey().token }
  expect(await callAt('the pipeline', started, '/both', RIGHT, stranger)).toMatchObject({
    status: 401,
    code: 'credential_invalid',
  })
  gate.resolve(undefined)
  expect((await first).status).toBe(200)
  expect(started.uses.map(({ keyId }) => keyId)).toEqual([mobileKey.record.id])
})

test("The upstream receives the consumer's name and no password", async () => {
  await using started = await startCounting()
  const answer = await fetch(`${started.url}/authz`, {
    headers: { 'x-original-method': 'GET', 'x-original-url': '/acme/prod/basic', authorization: RIGHT },
  })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('x-sallyport-consumer')).toBe('mobile')
  expect(answer.headers.get('x-sallyport-key')).toBe('-')
  const everything = started.log.join('\n') + JSON.stringify([...answer.headers])
  expect(everything).not.toContain(PASSWORDS.erp)
  expect(everything).not.toContain(RIGHT.slice(6))
})

/** How the decided requests to the pipeline `basic` ended. */
function ended(started: StartedGateway): { readonly code: string; readonly end: string }[] {
  const { found } = started.gateway.recent.find('acme', { limit: 9, pipeline: 'basic' })
  return found.map(({ record: { code, end } }) => ({ code, end }))
}

test('Nothing is sent to the upstream for a caller that disconnects during the verification', async () => {
  await using upstream = await RecordingUpstream.start()
  const gate = Promise.withResolvers<undefined>()
  let begun = 0
  const verify = async (password: string, hash: string): Promise<boolean> => {
    begun += 1
    await gate.promise
    return await verifyPassword(password, hash)
  }
  const proxy = deployment(
    { paths: ['/up'], authentication: BASIC },
    proxyTo(`http://127.0.0.1:${upstream.port}/`),
    { pipeline: 'basic', id: 'up' },
  )
  await using started = await startWith([...RECORDS, proxy], { passwords: { verify } })
  await using impatient = await RawConnection.open(started.gateway.port)
  impatient.send(
    `POST /acme/prod/up HTTP/1.1\r\nHost: a\r\nAuthorization: ${RIGHT}\r\nContent-Length: 9\r\n\r\nhalf`,
  )
  await expect.poll(() => begun).toBe(1)
  impatient.socket.resetAndDestroy()
  await impatient.closed()
  // A response to this later request shows that the gateway has processed the reset.
  expect((await callAt('the pipeline', started, '/open', undefined)).status).toBe(200)
  gate.resolve(undefined)
  await expect.poll(() => ended(started)).toEqual([{ code: 'valid', end: 'caller_gone' }])
  expect(upstream.connections).toBe(0)
})

test.each([
  ['a part', '"part'],
  ['all', '"was all"'],
])(
  'A run ends if its caller disconnects during the verification, with %s of the body sent',
  async (_, body) => {
    const gate = Promise.withResolvers<undefined>()
    let begun = 0
    const verify = async (password: string, hash: string): Promise<boolean> => {
      begun += 1
      await gate.promise
      return await verifyPassword(password, hash)
    }
    const trigger = { paths: ['/run'], authentication: BASIC }
    const run = deployment(trigger, transform({}), { pipeline: 'basic', id: 'run' })
    await using started = await startWith([...RECORDS, run], { passwords: { verify } })
    const metrics = async (): Promise<string> => await started.registry.metrics()
    await using impatient = await RawConnection.open(started.gateway.port)
    impatient.send(
      `POST /acme/prod/run HTTP/1.1\r\nHost: a\r\nAuthorization: ${RIGHT}\r\nContent-Length: 9\r\n\r\n${body}`,
    )
    await expect.poll(() => begun).toBe(1)
    impatient.socket.resetAndDestroy()
    await impatient.closed()
    // A response to this later request shows that the gateway has processed the reset.
    expect((await callAt('the pipeline', started, '/open', undefined)).status).toBe(200)
    gate.resolve(undefined)
    await expect.poll(() => ended(started)).toEqual([{ code: 'valid', end: 'caller_gone' }])
    await expect.poll(metrics).toMatch(/gateway_runs 0\n/)
  },
)
