import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { SallyportError } from '../calls/sallyport-error.ts'
import { verifyWebhook, type VerifyWebhookInput } from './verify-webhook.ts'

const SECRET = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`
const OTHER = `whsec_${Buffer.from('another one of twenty-four').toString('base64')}`
const NOW_MS = Date.UTC(2027, 0, 31, 12)
const BODY = JSON.stringify({
  type: 'key.created',
  timestamp: '2027-01-31T12:00:00.000Z',
  data: { name: 'Zoë' },
})

/** A message as the library of the standard signs it. */
function message(
  secret = SECRET,
  body = BODY,
  atMs = NOW_MS,
): Pick<VerifyWebhookInput, 'body'> & { headers: Record<string, string> } {
  const signature = new Webhook(secret).sign('evt_1', new Date(atMs), body)
  return {
    body,
    headers: {
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(atMs / 1000),
      'webhook-signature': signature,
    },
  }
}

const verify = async (input: Pick<VerifyWebhookInput, 'body' | 'headers'> & Partial<VerifyWebhookInput>) =>
  await verifyWebhook({ secret: SECRET, nowMs: NOW_MS, ...input })

async function refusal(
  input: Pick<VerifyWebhookInput, 'body' | 'headers'> & Partial<VerifyWebhookInput>,
): Promise<string> {
  const error: unknown = await verify(input).then(
    () => undefined,
    (cause: unknown) => cause,
  )
  if (error instanceof SallyportError && error.code === 'webhook_invalid') return error.detail
  throw new Error(`Not refused as a webhook: ${String(error)}`)
}

test('a genuine message is read, as text and as bytes, with headers of either kind', async () => {
  const { body, headers } = message()
  const event = { type: 'key.created', data: { name: 'Zoë' } }
  expect(await verify({ body, headers })).toMatchObject(event)
  expect(await verify({ body: new TextEncoder().encode(BODY), headers: new Headers(headers) })).toMatchObject(
    event,
  )
  const many = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))
  expect(await verify({ body, headers: many })).toMatchObject(event)
})

test('while the secret is rotated, one of two secrets and one of two signatures are enough', async () => {
  const { body, headers } = message()
  expect(await verify({ body, headers, secret: [OTHER, SECRET] })).toMatchObject({ type: 'key.created' })
  const both = {
    ...headers,
    'webhook-signature': `${message(OTHER).headers['webhook-signature']} ${headers['webhook-signature']}`,
  }
  expect(await verify({ body, headers: both })).toMatchObject({ type: 'key.created' })
  expect(await refusal({ body, headers, secret: [OTHER] })).toContain('No signature')
  expect(await refusal({ body, headers, secret: [] })).toContain('No signature')
})

test.each<[string, (headers: Record<string, string>) => Record<string, string>, string]>([
  ['another id', (headers) => ({ ...headers, 'webhook-id': 'evt_2' }), 'No signature'],
  [
    'another time',
    (headers) => ({ ...headers, 'webhook-timestamp': String(NOW_MS / 1000 + 1) }),
    'No signature',
  ],
  [
    'a signature of another version',
    (headers) => ({ ...headers, 'webhook-signature': `v2${headers['webhook-signature']?.slice(2)}` }),
    'No signature',
  ],
  [
    'a shorter signature',
    (headers) => ({ ...headers, 'webhook-signature': headers['webhook-signature']?.slice(0, -4) ?? '' }),
    'No signature',
  ],
  [
    'a signature that is no Base64',
    (headers) => ({ ...headers, 'webhook-signature': 'v1,*' }),
    'No signature',
  ],
  [
    'the right signature behind many',
    (headers) => ({
      ...headers,
      'webhook-signature': `${'v1,AAAA '.repeat(10)}${headers['webhook-signature']}`,
    }),
    'No signature',
  ],
  ['no id', (headers) => ({ ...headers, 'webhook-id': '' }), 'no header "webhook-id"'],
  ['no time', (headers) => ({ ...headers, 'webhook-timestamp': '' }), 'no header "webhook-timestamp"'],
  [
    'an empty signature',
    (headers) => ({ ...headers, 'webhook-signature': '' }),
    'no header "webhook-signature"',
  ],
])('a message with %s is refused', async (_, change, detail) => {
  const { body, headers } = message()
  expect(await refusal({ body, headers: change(headers) })).toContain(detail)
})

test('a changed body is refused, and one that is no JSON', async () => {
  const { body, headers } = message()
  expect(await refusal({ body: `${String(body)} `, headers })).toContain('No signature')
  expect(await refusal(message(SECRET, 'no JSON'))).toContain('not JSON')
})

test('a message is refused that is recorded and sent again later, or comes from the future', async () => {
  for (const ageMs of [-300_000, 0, 300_000]) {
    expect(await verify({ ...message(SECRET, BODY, NOW_MS - ageMs) })).toMatchObject({ type: 'key.created' })
  }
  for (const ageMs of [-301_000, 301_000]) {
    expect(await refusal(message(SECRET, BODY, NOW_MS - ageMs))).toContain('more than 300 s')
  }
  expect(await refusal({ ...message(SECRET, BODY, NOW_MS - 11_000), toleranceSeconds: 10 })).toContain(
    'more than 10 s',
  )
})

test('a time that is signed but no number is refused', async () => {
  const headers = { 'webhook-id': 'evt_1', 'webhook-timestamp': 'soon' }
  const key = Buffer.from(SECRET.slice(6), 'base64')
  const signature = createHmac('sha256', key).update(`evt_1.soon.${BODY}`).digest('base64')
  expect(
    await refusal({ body: BODY, headers: { ...headers, 'webhook-signature': `v1,${signature}` } }),
  ).toContain('300 s')
})

test.each(['', 'whsec_', 'sp_sk_4fT0', 'whsec_*'])(
  'the secret %j is a mistake of the receiver',
  async (secret) => {
    await expect(verify({ ...message(), secret })).rejects.toThrow(TypeError)
  },
)

test('a receiver in Node.js gets what a sender of the standard sends', async () => {
  const seen: unknown[] = []
  const server = createServer((request, response) => {
    void text(request)
      .then(async (body) => await verify({ body, headers: request.headers }))
      .then(
        (event) => seen.push(event.type),
        () => response.writeHead(400),
      )
      .finally(() => response.end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { body, headers } = message()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const send = async (sent: string) => (await fetch(url, { method: 'POST', headers, body: sent })).status
  expect([await send(String(body)), await send('{}')]).toEqual([200, 400])
  expect(seen).toEqual(['key.created'])
  server.close()
})
