import { describe, expect, test } from 'vitest'
import { ConfigError } from './config-error.ts'
import { readConfig } from './read-config.ts'

const VALID = {
  id: 'acme-id',
  name: 'Acme',
  issuer: 'https://id.example.com/realms/acme',
  clientId: 'sallyport',
  clientSecret: 'very-secret-value',
}

function read(providers: unknown) {
  const text = typeof providers === 'string' ? providers : JSON.stringify(providers)
  return readConfig({ SALLYPORT_SIGN_IN_PROVIDERS: text }).signInProviders
}

/** The message of the invalid setting. */
function messageOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ message }) => message).join(' ')
    throw error
  }
  return ''
}

describe('SALLYPORT_SIGN_IN_PROVIDERS', () => {
  test('asks for e-mail address and name unless scopes are given', () => {
    expect(read([VALID])).toEqual([{ ...VALID, scopes: ['openid', 'email', 'profile'] }])
  })

  test('always asks for an ID token', () => {
    const [provider] = read([{ ...VALID, scopes: ['email', 'openid'] }])
    expect(provider?.scopes).toEqual(['openid', 'email'])
    expect(read([{ ...VALID, scopes: [] }])[0]?.scopes).toEqual(['openid'])
  })

  test.each([
    ['an id with 39 characters', { id: `a${'b'.repeat(38)}` }],
    ['http on 127.0.0.1', { issuer: 'http://127.0.0.1:9000' }],
    ['http on ::1', { issuer: 'http://[::1]:9000/path' }],
    ['http on localhost', { issuer: 'http://localhost:9000' }],
    ['a secret with spaces', { clientSecret: 'a b' }],
    ['20 scopes', { scopes: Array.from({ length: 20 }, (_, index) => `scope${index}`) }],
  ])('takes %s', (_name, more) => {
    expect(read([{ ...VALID, ...more }])[0]).toMatchObject('scopes' in more ? {} : more)
  })

  test.each([
    ['an id with 40 characters', { id: `a${'b'.repeat(39)}` }, 'the id'],
    ['an id that starts with a digit', { id: '1a' }, 'the id'],
    ['an id with a slash', { id: 'a/b' }, 'the id'],
    ['no id', { id: undefined }, 'the id'],
    ['an empty name', { name: ' ' }, 'the name'],
    ['a name with 65 characters', { name: 'n'.repeat(65) }, 'the name'],
    ['a name with a line break', { name: 'a\nb' }, 'the name'],
    ['http on another machine', { issuer: 'http://id.example.com' }, 'the issuer'],
    [
      'http on a name that starts with a loopback address',
      { issuer: 'http://127.0.0.1.example.com' },
      'issuer',
    ],
    ['an issuer with a query', { issuer: 'https://id.example.com/?a=b' }, 'the issuer'],
    ['an issuer with an empty query', { issuer: 'https://id.example.com/?' }, 'the issuer'],
    ['an issuer with a fragment', { issuer: 'https://id.example.com/#a' }, 'the issuer'],
    ['an issuer with a user', { issuer: 'https://user@id.example.com/' }, 'the issuer'],
    ['an issuer that is no URL', { issuer: 'id.example.com' }, 'the issuer'],
    ['an issuer of another scheme', { issuer: 'ftp://id.example.com' }, 'the issuer'],
    ['an issuer with 513 characters', { issuer: `https://${'a'.repeat(505)}` }, 'the issuer'],
    ['no client id', { clientId: '' }, 'the clientId'],
    ['no secret', { clientSecret: undefined }, 'the clientSecret'],
    ['a secret that is a number', { clientSecret: 12345 }, 'the clientSecret'],
    ['a secret with 513 characters', { clientSecret: 's'.repeat(513) }, 'the clientSecret'],
    ['scopes in one text', { scopes: 'openid email' }, 'the scopes'],
    ['a scope with a space', { scopes: ['openid email'] }, 'the scopes'],
    ['21 scopes', { scopes: Array.from({ length: 21 }, (_, index) => `scope${index}`) }, 'the scopes'],
    ['an unknown member', { client_secret: 'very-secret-value' }, '"client_secret"'],
  ])('refuses %s', (_name, more, named) => {
    const message = messageOf(() => read([{ ...VALID, ...more }]))
    expect(message).toContain('Provider 1: ')
    expect(message).toContain(named)
  })

  test.each([
    ['an object', VALID],
    ['a text', '"very-secret-value"'],
    ['21 providers', Array.from({ length: 21 }, (_, index) => ({ ...VALID, id: `id${index}` }))],
    ['a provider that is a text', ['very-secret-value']],
    ['text that is not JSON', '[{"clientSecret":"very-secret-value",}]'],
  ])('refuses %s', (_name, value) => {
    expect(messageOf(() => read(value))).not.toBe('')
  })

  test('takes 20 providers, each with its own id', () => {
    const providers = Array.from({ length: 20 }, (_, index) => ({ ...VALID, id: `id${index}` }))
    expect(read(providers)).toHaveLength(20)
    const message = messageOf(() => read([VALID, { ...VALID, id: 'other' }, VALID]))
    expect(message).toBe('Provider 3: the id "acme-id" is used already. Give each provider its own.')
  })

  test('reports every problem at once', () => {
    const message = messageOf(() => read([{ ...VALID, id: '', name: '' }, VALID, {}]))
    expect(message.match(/Provider 1/g)).toHaveLength(2)
    expect(message.match(/Provider 2/g)).toBeNull()
    expect(message.match(/Provider 3/g)).toHaveLength(5)
  })

  test('reports each problem on a line of its own', () => {
    const providers = JSON.stringify([{ ...VALID, id: '', name: '' }, VALID, VALID])
    const lines =
      /^ {2}SALLYPORT_SIGN_IN_PROVIDERS: Provider 1: the id .*\n {2}SALLYPORT_SIGN_IN_PROVIDERS: Provider 1: the name .*\n {2}SALLYPORT_SIGN_IN_PROVIDERS: Provider 3: the id .*$/m
    expect(() => readConfig({ SALLYPORT_SIGN_IN_PROVIDERS: providers })).toThrow(lines)
  })

  test('never shows a secret', () => {
    for (const value of [
      '[{"clientSecret":"very-secret-value",}]',
      'very-secret-value',
      JSON.stringify({ ...VALID }),
      JSON.stringify([{ ...VALID, id: '', name: '', issuer: '', clientId: '', scopes: 'x' }]),
      JSON.stringify([{ clientSecret: `very-secret-value${'é'.repeat(9)}` }]),
      JSON.stringify(['very-secret-value']),
    ]) {
      const message = messageOf(() => read(value))
      expect(message).not.toBe('')
      expect(message).not.toContain('very-secret-value')
    }
  })
})

describe('SALLYPORT_SIGN_UP_DOMAINS', () => {
  const provider = {
    id: 'one',
    name: 'One',
    issuer: 'https://one.example.com',
    clientId: 'id',
    clientSecret: 'secret',
  }
  const domains = (text: string, providers: readonly unknown[] = [provider]) =>
    readConfig({
      SALLYPORT_SIGN_UP_DOMAINS: text,
      SALLYPORT_SIGN_IN_PROVIDERS: JSON.stringify(providers),
    }).signUpDomains

  test('is a list in lower case', () => {
    expect(domains('Example.com, sub.example.org ,')).toEqual(['example.com', 'sub.example.org'])
  })

  test('needs a provider, which verifies the addresses', () => {
    expect(messageOf(() => domains('example.com', []))).toContain('SALLYPORT_SIGN_IN_PROVIDERS')
  })

  test.each([
    '@example.com',
    'me@example.com',
    '*.example.com',
    'example..com',
    'example.com.',
    'exämple.com',
  ])('refuses %s', (text) => {
    expect(messageOf(() => domains(`example.com,${text}`))).toContain(`"${text}" is not a domain.`)
  })
})
