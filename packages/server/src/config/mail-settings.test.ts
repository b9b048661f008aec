import { describe, expect, test } from 'vitest'
import { ConfigError } from './config-error.ts'
import { readConfig } from './read-config.ts'

const PUBLIC = { SALLYPORT_PUBLIC_URL: 'https://console.example.com' }
const FROM = 'Sallyport <sallyport@example.com>'

function read(url: string, from = FROM): ReturnType<typeof readConfig> {
  return readConfig({ ...PUBLIC, SALLYPORT_SMTP_URL: url, SALLYPORT_MAIL_FROM: from })
}

/** The problems of settings, as lines. */
function problemsOf(environment: Record<string, string>): string[] {
  try {
    readConfig({ ...PUBLIC, ...environment })
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.problems.map(({ variable, message }) => `${variable}: ${message}`)
    }
    throw error
  }
  return []
}

describe('the URL of the SMTP server', () => {
  test.each([
    ['smtp://mail.example.com', 'mail.example.com', 587, 'starttls', false],
    ['smtps://mail.example.com', 'mail.example.com', 465, 'tls', false],
    ['smtp://Mail.Example.com:2525/', 'mail.example.com', 2525, 'starttls', false],
    ['smtp://192.0.2.1:25', '192.0.2.1', 25, 'starttls', false],
    ['smtps://[2001:db8::1]:465', '2001:db8::1', 465, 'tls', false],
    ['smtp://localhost:25', 'localhost', 25, 'starttls', true],
    ['smtp://127.0.0.1:1025', '127.0.0.1', 1025, 'starttls', true],
    ['smtps://[::1]', '::1', 465, 'tls', true],
  ])('%s', (url, host, port, encryption, isLocal) => {
    expect(read(url).smtp).toEqual({ host, port, encryption, isLocal, credentials: null })
  })

  test('contains user and password, percent-encoded', () => {
    expect(read('smtp://me%40example.com:p%2Fa%25%3As@mail.example.com').smtp?.credentials).toEqual({
      user: 'me@example.com',
      password: 'p/a%:s',
    })
  })

  test.each([
    ['of another protocol', 'http://me:hunter2@mail.example.com'],
    ['without a protocol', 'mail.example.com:587'],
    ['without a host', 'smtp://'],
    ['with a host that is none', 'smtp://me:hunter2@mail_example'],
    ['with a path', 'smtp://me:hunter2@mail.example.com/path'],
    ['with a query', 'smtp://me:hunter2@mail.example.com?pool=true'],
    ['with a slash in the password', 'smtp://me:hunter2/x@mail.example.com'],
    ['with a hash in the password', 'smtp://me:hunter2#x@mail.example.com'],
    ['with a wrong percent-encoding', 'smtp://me:hunter2%zz@mail.example.com'],
    ['with a line break in the password', 'smtp://me:hunter2%0d%0a@mail.example.com'],
    ['with a password only', 'smtp://:hunter2@mail.example.com'],
    ['with a user only', 'smtp://hunter2@mail.example.com'],
    ['with port 0', 'smtp://me:hunter2@mail.example.com:0'],
    ['with a port that is too high', 'smtp://me:hunter2@mail.example.com:65536'],
    ['that is too long', `smtp://me:hunter2${'a'.repeat(2048)}@mail.example.com`],
  ])('is refused %s, without showing it', (_name, url) => {
    const problems = problemsOf({ SALLYPORT_SMTP_URL: url, SALLYPORT_MAIL_FROM: FROM })
    expect(problems).toEqual([expect.stringMatching(/^SALLYPORT_SMTP_URL: /)])
    expect(problems.join('')).not.toContain('hunter2')
  })
})

describe('the sender of mails', () => {
  test.each([
    ['sallyport@example.com', '', 'sallyport@example.com'],
    [FROM, 'Sallyport', 'sallyport@example.com'],
    ['Zugänge, Acme <no-reply+a@mail.example.com>', 'Zugänge, Acme', 'no-reply+a@mail.example.com'],
    ['<a@localhost>', '', 'a@localhost'],
  ])('%s', (text, name, address) => {
    expect(read('smtp://localhost', text).mailFrom).toEqual({ name, address })
  })

  test.each([
    ['without an address', 'Sallyport'],
    ['with two addresses', 'a@example.com, b@example.com'],
    ['with a second "@"', 'a@b@example.com'],
    ['with a space in the address', 'a b@example.com'],
    ['with a line break in the name', 'Sally\nport <a@example.com>'],
    ['with an address in the name', 'b@example.com <a@example.com>'],
    ['with a quote in the name', '"Sally <a@example.com>'],
    ['with a bare dot in the address', 'a..b@example.com'],
    ['with an address that is too long', `a@${'b.'.repeat(126)}de`],
    ['that is the URL of the server', 'smtp://me:hunter2@mail.example.com'],
  ])('is refused %s', (_name, text) => {
    const problems = problemsOf({ SALLYPORT_SMTP_URL: 'smtp://localhost', SALLYPORT_MAIL_FROM: text })
    expect(problems).toEqual([expect.stringMatching(/^SALLYPORT_MAIL_FROM: /)])
    expect(problems.join('')).not.toContain('hunter2')
  })
})

test('a server is refused without the URL that its links need', () => {
  const settings = { SALLYPORT_SMTP_URL: 'smtp://localhost', SALLYPORT_MAIL_FROM: FROM }
  expect(problemsOf({ ...settings, SALLYPORT_PUBLIC_URL: '' })).toEqual([
    expect.stringMatching(/^SALLYPORT_PUBLIC_URL: /),
  ])
})

test('a server without a sender, and a sender without a server, are refused', () => {
  const server = problemsOf({ SALLYPORT_SMTP_URL: 'smtp://me:hunter2@mail.example.com' })
  expect(server).toEqual([expect.stringMatching(/^SALLYPORT_MAIL_FROM: /)])
  expect(server.join('')).not.toContain('hunter2')
  expect(problemsOf({ SALLYPORT_MAIL_FROM: FROM })).toEqual([expect.stringMatching(/^SALLYPORT_SMTP_URL: /)])
})
