import { setDefaultCACertificates, getCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SmtpConfig } from '../config/config.ts'
import { testCertificate } from './testing/certificate.ts'
import { startMailServer } from './testing/mail-server.ts'
import { MAIL, openTestOutbox } from './testing/open-outbox.ts'
import { eventually } from '../../../../test/support/eventually.ts'

const TRUSTED = testCertificate('127.0.0.1')
const UNTRUSTED = testCertificate('127.0.0.1')
const OF_ANOTHER_HOST = testCertificate('mail.example.com')
const CREDENTIALS = { user: 'sallyport', password: 'hunter2 ü%' }

// As NODE_EXTRA_CA_CERTS does at the start of a process.
const usual = getCACertificates('default')
beforeAll(() => setDefaultCACertificates([...usual, TRUSTED.cert, OF_ANOTHER_HOST.cert]))
afterAll(() => setDefaultCACertificates(usual))

/** Sends one mail to a server on another machine, as far as the outbox knows. */
async function sendOne(
  options: Parameters<typeof startMailServer>[0],
  smtp: Partial<SmtpConfig>,
): Promise<{
  readonly outcome: 'sent' | 'failed'
  readonly log: string
  readonly isEncrypted?: boolean
  user?: unknown
}> {
  await using server = await startMailServer(options)
  await using sender = openTestOutbox({ port: server.port, isLocal: false, ...smtp }, { pausesMs: [] })
  sender.outbox.post(MAIL)
  const outcome = await eventually(async () => {
    const sent = await sender.count('sent')
    expect(sent + (await sender.count('failed'))).toBe(1)
    return sent === 1 ? 'sent' : 'failed'
  })
  const [mail] = server.mails
  expect(server.mails).toHaveLength(outcome === 'sent' ? 1 : 0)
  return {
    outcome,
    log: sender.log(),
    ...(mail === undefined ? {} : { isEncrypted: mail.isEncrypted, user: mail.user }),
  }
}

describe.each([
  ['STARTTLS', { encryption: 'starttls' }, {}],
  ['TLS from the first byte', { encryption: 'tls' }, { secure: true }],
] as const)('with %s', (_name, smtp, options) => {
  test('a mail is encrypted', async () => {
    expect(await sendOne({ ...options, ...TRUSTED }, smtp)).toMatchObject({
      outcome: 'sent',
      isEncrypted: true,
    })
  })

  test.each([
    ['of an unknown authority', UNTRUSTED, 'self-signed certificate'],
    ['of another host', OF_ANOTHER_HOST, 'does not match certificate'],
  ])('a certificate %s is refused, and the log says why', async (_case, certificate, reason) => {
    const { outcome, log } = await sendOne(
      { ...options, ...certificate },
      { ...smtp, credentials: CREDENTIALS },
    )
    expect(outcome).toBe('failed')
    expect(log).toContain(reason)
    expect(log).not.toContain('hunter2')
  })

  test('a server on this machine may have any certificate', async () => {
    const sent = await sendOne({ ...options, ...UNTRUSTED }, { ...smtp, isLocal: true })
    expect(sent).toMatchObject({ outcome: 'sent', isEncrypted: true })
  })
})

describe('a server without STARTTLS', () => {
  const plain = { disabledCommands: ['STARTTLS'], allowInsecureAuth: true }

  test('gets neither a mail nor the password', async () => {
    const heard: string[] = []
    const { outcome, log } = await sendOne(
      {
        ...plain,
        onAuth: ({ username }, _session, done) => {
          heard.push(username ?? '')
          done(null, { user: username })
        },
      },
      { credentials: CREDENTIALS },
    )
    expect(outcome).toBe('failed')
    expect(heard).toEqual([])
    expect(log).toMatch(/STARTTLS|TLS/)
  })

  test('will do on this machine', async () => {
    const sent = await sendOne(plain, { isLocal: true })
    expect(sent).toMatchObject({ outcome: 'sent', isEncrypted: false })
  })
})

describe('authentication', () => {
  const asked: Parameters<typeof startMailServer>[0] = {
    ...TRUSTED,
    authOptional: false,
    onAuth: ({ username, password }, _session, done) => {
      if (username === CREDENTIALS.user && password === CREDENTIALS.password) done(null, { user: username })
      else done(Object.assign(new Error(`not ${password}`), { responseCode: 535 }))
    },
  }

  test('uses the user and the password', async () => {
    expect(await sendOne(asked, { credentials: CREDENTIALS })).toMatchObject({
      outcome: 'sent',
      user: 'sallyport',
    })
  })

  test('with a wrong password fails, and the log does not show it', async () => {
    const { outcome, log } = await sendOne(asked, { credentials: { user: 'sallyport', password: 'hunter3' } })
    expect(outcome).toBe('failed')
    expect(log).toContain('EAUTH: reply 535')
    expect(log).not.toContain('hunter')
  })

  test('is demanded of a server that offers none', async () => {
    const { outcome } = await sendOne(
      { ...TRUSTED, disabledCommands: ['AUTH'] },
      { credentials: CREDENTIALS },
    )
    expect(outcome).toBe('failed')
  })
})
