import { describe, expect, test } from 'vitest'
import { createLogger } from './logger.ts'
import { redactTokens } from './redact-tokens.ts'

const TOKEN = `sp_sk_${'A'.repeat(16)}_${'b'.repeat(38)}`
type TestedLogger = ReturnType<typeof createLogger>

function logged(write: (logger: TestedLogger) => void): string {
  let text = ''
  write(createLogger('info', { write: (line) => void (text += line) }))
  return text
}

describe('a log line', () => {
  test('contains the logged members and message', () => {
    const line = logged((logger) => logger.info({ keyId: 'key_AAAAAAAAAAAAAAAA', revision: 3 }, 'applied'))
    expect(JSON.parse(line)).toMatchObject({ keyId: 'key_AAAAAAAAAAAAAAAA', revision: 3, msg: 'applied' })
  })

  test.each([
    ['a header', { headers: { authorization: 'Bearer x-secret' } }],
    ['a header at the top level', { authorization: 'Bearer x-secret' }],
    ['a cookie', { request: { cookie: 'x-secret' } }],
    ['a body', { request: { body: 'x-secret' } }],
    ['a token', { token: 'x-secret' }],
    ['a set-up token', { input: { setupToken: 'x-secret' } }],
  ])('does not contain %s', (_name, record) => {
    const line = logged((logger) => logger.warn(record, 'refused'))
    expect(line).toContain('[redacted]')
    expect(line).not.toContain('x-secret')
  })

  test.each([
    ['a message', (logger: TestedLogger) => logger.error(`no ${TOKEN}`)],
    ['a deeply nested member', (logger: TestedLogger) => logger.error({ deep: { er: { x: TOKEN } } })],
    ['an error', (logger: TestedLogger) => logger.error({ err: new Error(TOKEN) })],
    [
      'a cause',
      (logger: TestedLogger) => logger.error({ err: new Error('outer', { cause: new Error(TOKEN) }) }),
    ],
  ])('does not contain a token in %s', (_name, write) => {
    const line = logged(write)
    expect(line).toContain('sp_sk_AAAAAAAAAAAAAAAA_[redacted]')
    expect(line).not.toContain('bbbb')
  })

  test('contains the causes of an error but not its other members', () => {
    const error = Object.assign(new Error('outer', { cause: new Error('inner') }), { rows: ['x-secret'] })
    const line = logged((logger) => logger.error({ err: error }))
    expect(JSON.parse(line)).toMatchObject({ err: { message: 'outer', cause: { message: 'inner' } } })
    expect(line).not.toContain('x-secret')
  })

  test('is not written below the log level', () => {
    expect(logged((logger) => logger.debug('quiet'))).toBe('')
  })
})

test('a text without a token is unchanged', () => {
  expect(redactTokens('sp_sk_short_x and key_AAAAAAAAAAAAAAAA')).toBe(
    'sp_sk_short_x and key_AAAAAAAAAAAAAAAA',
  )
})
