import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { startMailServer } from './testing/mail-server.ts'
import { MAIL, openTestOutbox } from './testing/open-outbox.ts'
import { eventually } from '../../../../test/support/eventually.ts'

/** An error that an SMTP server of these tests replies with. */
function reply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}

/** A server that accepts connections and never says anything. */
async function startSilentServer(): Promise<
  AsyncDisposable & { readonly port: number; connections(): number }
> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => sockets.length,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const isNotSent = ({ msg }: Record<string, unknown>): boolean => msg === 'mail not sent'

test('a posted mail arrives', async () => {
  await using server = await startMailServer()
  await using sender = openTestOutbox({ port: server.port })
  sender.outbox.post({
    ...MAIL,
    subject: 'Zugang für Rosa',
    text: 'Grüße\n\n.\nhttps://example.com/x?a=b=c\n',
  })
  const [mail] = await server.received(1)
  expect(mail).toMatchObject({ from: 'sallyport@example.com', to: ['rosa@example.com'], user: null })
  expect(mail?.header('from')).toBe('Sallyport <sallyport@example.com>')
  expect(mail?.header('to')).toBe('rosa@example.com')
  expect(mail?.header('subject')).toBe('Zugang für Rosa')
  expect(mail?.header('auto-submitted')).toBe('auto-generated')
  expect(mail?.header('content-type')).toBe('text/plain; charset=utf-8')
  expect(mail?.text.trimEnd()).toBe('Grüße\n\n.\nhttps://example.com/x?a=b=c')
  await eventually(async () => expect(await sender.count('sent')).toBe(1))
  expect(sender.records()).toEqual([])
})

test('mails share few connections', async () => {
  await using server = await startMailServer()
  await using sender = openTestOutbox({ port: server.port })
  for (let index = 0; index < 50; index += 1) sender.outbox.post({ ...MAIL, to: `rosa${index}@example.com` })
  await server.received(50)
  expect(server.connections()).toBeLessThanOrEqual(3)
})

describe('a server that refuses', () => {
  test('for now gets the mail again', async () => {
    let asked = 0
    await using server = await startMailServer({
      onRcptTo: (_address, _session, done) => {
        asked += 1
        done(asked < 3 ? reply(451, 'try later') : null)
      },
    })
    await using sender = openTestOutbox({ port: server.port })
    sender.outbox.post(MAIL)
    await server.received(1)
    expect(asked).toBe(3)
    expect(sender.records().map(({ msg, attempts, reason }) => [msg, attempts, reason])).toEqual([
      ['mail delayed', 1, expect.stringContaining('reply 451')],
      ['mail delayed', 2, expect.stringContaining('reply 451')],
    ])
  })

  test('for now, always, gets the mail a limited number of times', async () => {
    let asked = 0
    await using server = await startMailServer({
      onMailFrom: (_address, _session, done) => {
        asked += 1
        done(reply(421, 'too busy'))
      },
    })
    await using sender = openTestOutbox({ port: server.port })
    sender.outbox.post(MAIL)
    await eventually(async () => expect(await sender.count('failed')).toBe(1))
    expect(asked).toBe(3)
    expect(sender.records().findLast(isNotSent)).toMatchObject({ attempts: 3, kind: 'notice' })
  })

  test.each([
    ['the recipient', 'onRcptTo', 550],
    ['the sender', 'onMailFrom', 553],
  ] as const)('%s for good gets the mail once', async (_name, step, code) => {
    let asked = 0
    await using server = await startMailServer({
      [step]: (_address: unknown, _session: unknown, done: (error: Error) => void) => {
        asked += 1
        done(reply(code, 'no'))
      },
    })
    await using sender = openTestOutbox({ port: server.port })
    sender.outbox.post(MAIL)
    await eventually(async () => expect(await sender.count('failed')).toBe(1))
    expect(asked).toBe(1)
    expect(sender.records()).toEqual([expect.objectContaining({ msg: 'mail not sent', attempts: 1 })])
  })

  test('the text, and quotes it, leads to a record without text and address', async () => {
    await using server = await startMailServer({
      onData: (stream, _session, done) => {
        stream.resume()
        stream.once('end', () => done(reply(554, 'spam from rosa@example.com https://example.com/x#s3cret')))
      },
    })
    await using sender = openTestOutbox({ port: server.port })
    sender.outbox.post({ ...MAIL, text: 'https://example.com/x#s3cret\n' })
    await eventually(async () => expect(await sender.count('failed')).toBe(1))
    expect(sender.records()).toEqual([
      expect.objectContaining({ reason: 'EMESSAGE: reply 554 5.6.0', domain: 'example.com' }),
    ])
    expect(sender.log()).not.toMatch(/s3cret|rosa/)
  })
})

describe('a server that does not answer', () => {
  test('is given up after the time limit of each attempt', async () => {
    await using server = await startSilentServer()
    await using sender = openTestOutbox({ port: server.port }, { attemptMsMax: 300 })
    sender.outbox.post(MAIL)
    await eventually(async () => expect(await sender.count('failed')).toBe(1))
    expect(server.connections()).toBe(3)
    expect(sender.records().findLast(isNotSent)).toMatchObject({
      attempts: 3,
      reason: 'ETIMEDOUT: the attempt took longer than 300 ms',
    })
  })

  test('or does not exist, leads to further attempts', async () => {
    const gone = await startMailServer()
    await gone[Symbol.asyncDispose]()
    await using sender = openTestOutbox({ port: gone.port })
    sender.outbox.post(MAIL)
    await eventually(async () => expect(await sender.count('failed')).toBe(1))
    expect(sender.records().findLast(isNotSent)).toMatchObject({
      attempts: 3,
      reason: expect.stringContaining('ECONNREFUSED') as string,
    })
  })

  test('holds up a limited number of mails', async () => {
    await using server = await startSilentServer()
    await using sender = openTestOutbox({ port: server.port })
    const post = (index: number): void => sender.outbox.post({ ...MAIL, to: `rosa${index}@example.com` })
    // One more than wait: none is taken from the queue before all are posted.
    for (let index = 0; index <= 1000; index += 1) post(index)
    expect(await sender.count('dropped')).toBe(1)
    expect(sender.records()).toEqual([expect.objectContaining({ reason: 'too many mails wait' })])
  })

  test('does not hold up one organization because of another', async () => {
    await using server = await startSilentServer()
    await using sender = openTestOutbox({ port: server.port })
    const invite = (organization: string, index: number): void =>
      sender.outbox.post({
        ...MAIL,
        kind: 'invitation',
        organization,
        to: `${organization}${index}@example.com`,
      })
    for (let index = 0; index < 1000; index += 1) invite('flood', index)
    invite('acme', 0)
    expect(sender.records()).toEqual([expect.objectContaining({ organization: 'flood' })])
  })
})

describe('one address', () => {
  test('gets a limited number of mails of a kind, and more later', async () => {
    let nowMs = 0
    await using server = await startMailServer()
    await using sender = openTestOutbox({ port: server.port }, { monotonicMs: () => nowMs })
    const reset = { ...MAIL, kind: 'password-reset', subject: 'Reset' } as const
    for (let index = 0; index < 8; index += 1) sender.outbox.post(reset)
    sender.outbox.post({ ...reset, to: 'ROSA@Example.com' })
    await server.received(5)
    expect(await sender.count('dropped')).toBe(4)
    sender.outbox.post(MAIL)
    sender.outbox.post({ ...reset, to: 'paul@example.com' })
    await server.received(7)
    nowMs = 3_600_000 / 5
    sender.outbox.post(reset)
    sender.outbox.post(reset)
    await server.received(8)
    expect(await sender.count('dropped')).toBe(5)
    await sender.outbox.close(5000)
    expect(server.mails).toHaveLength(8)
  })
})

describe('notices about an organization', () => {
  const notice = { ...MAIL, kind: 'organization-notice', organization: 'flood' } as const

  test('use up the limit neither of the account nor of another organization', async () => {
    await using server = await startMailServer()
    await using sender = openTestOutbox({ port: server.port })
    for (let index = 0; index < 25; index += 1) sender.outbox.post(notice)
    sender.outbox.post({ ...notice, organization: 'acme', subject: 'A key was found in public' })
    sender.outbox.post({ ...MAIL, subject: 'New sign-in' })
    const subjects = (await server.received(22)).map((mail) => mail.header('subject'))
    expect(subjects).toEqual(expect.arrayContaining(['A key was found in public', 'New sign-in']))
    expect(await sender.count('dropped')).toBe(5)
  })

  test('of many organizations together are limited too', async () => {
    await using server = await startMailServer()
    await using sender = openTestOutbox({ port: server.port })
    for (let index = 0; index < 64; index += 1)
      sender.outbox.post({ ...notice, organization: `flood-${index % 4}` })
    await server.received(60)
    expect(await sender.count('dropped')).toBe(4)
  })
})

describe('header injection', () => {
  test.each([
    ['the subject', { subject: 'Hello\r\nBcc: eve@example.com\r\n\r\nBuy this' }],
    ['the subject, with bare line feeds', { subject: 'Hello\nBcc: eve@example.com\n\nBuy this' }],
    ['the subject, with other line ends', { subject: 'Hello\rBcc: eve@example.com\u2028\u0085' }],
  ])('through %s adds no header, recipient or text', async (_name, part) => {
    await using server = await startMailServer()
    await using sender = openTestOutbox({ port: server.port })
    sender.outbox.post({ ...MAIL, ...part })
    const [mail] = await server.received(1)
    expect(mail?.to).toEqual(['rosa@example.com'])
    expect(mail?.header('bcc')).toBeUndefined()
    expect(mail?.header('subject')).toContain('Bcc: eve@example.com')
    expect(mail?.text).toBe('Hello.\n')
  })

  test.each([
    'rosa@example.com\r\nBcc: eve@example.com',
    'rosa@example.com, eve@example.com',
    'rosa@example.com>\r\nRCPT TO:<eve@example.com',
    'Rosa <eve@example.com>',
  ])('through the address %j reaches nobody', async (to) => {
    await using server = await startMailServer()
    await using sender = openTestOutbox({ port: server.port })
    sender.outbox.post({ ...MAIL, to })
    expect(await sender.count('dropped')).toBe(1)
    await sender.outbox.close(5000)
    expect(server.connections()).toBe(0)
  })
})

describe('at its end, the outbox', () => {
  test('sends what waits', async () => {
    await using server = await startMailServer()
    const sender = openTestOutbox({ port: server.port })
    for (let index = 0; index < 20; index += 1)
      sender.outbox.post({ ...MAIL, to: `rosa${index}@example.com` })
    await sender.outbox.close(10_000)
    expect(server.mails).toHaveLength(20)
    expect(sender.records()).toEqual([])
  })

  test('tries once more what waits for another attempt', async () => {
    let asked = 0
    await using server = await startMailServer({
      onMailFrom: (_address, _session, done) => {
        asked += 1
        done(asked === 1 ? reply(451, 'try later') : null)
      },
    })
    const sender = openTestOutbox({ port: server.port }, { pausesMs: [3_600_000] })
    sender.outbox.post(MAIL)
    await eventually(() => expect(sender.log()).toContain('mail delayed'))
    await sender.outbox.close(10_000)
    expect(server.mails).toHaveLength(1)
  })

  test('gives up in time what it cannot send, and says so', async () => {
    await using server = await startSilentServer()
    const sender = openTestOutbox({ port: server.port })
    for (let index = 0; index < 10; index += 1)
      sender.outbox.post({ ...MAIL, to: `rosa${index}@example.com` })
    await eventually(() => expect(server.connections()).toBeGreaterThan(0))
    await sender.outbox.close(20)
    expect(await sender.count('dropped')).toBe(10)
    expect(sender.records().map(({ reason }) => reason)).toEqual(Array(10).fill('the server ends'))
  })

  test('accepts nothing more, and ends once', async () => {
    await using server = await startMailServer()
    const sender = openTestOutbox({ port: server.port })
    await sender.outbox.close(1000)
    await sender.outbox[Symbol.asyncDispose]()
    sender.outbox.post(MAIL)
    expect(await sender.count('dropped')).toBe(1)
    expect(server.connections()).toBe(0)
  })
})
