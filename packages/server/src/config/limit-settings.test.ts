import { describe, expect, test } from 'vitest'
import { readConfig } from './read-config.ts'

describe('the URL of the store of limits', () => {
  test.each([
    'redis://cache.example.com',
    'redis://cache.example.com/',
    'redis://:s3cret@cache.example.com:6380/15',
    'rediss://me:s3cret%2F@[2001:db8::1]:6379/0',
    'valkey://10.0.0.1',
    'valkeys://me@cache.example.com',
  ])('may be %s', (url) => {
    expect(readConfig({ SALLYPORT_LIMITS_URL: url }).limits.url).toBe(url)
  })

  test.each([
    'cache.example.com:6379',
    'redis:cache.example.com',
    'redis://',
    'http://cache.example.com',
    'redis://cache.example.com/zero',
    'redis://cache.example.com/0/1',
    'redis://cache.example.com/0?db=1',
    'redis://cache.example.com/0#1',
    'unix:/run/redis.sock',
  ])('may not be %s', (url) => {
    expect(() => readConfig({ SALLYPORT_LIMITS_URL: url })).toThrow(
      /SALLYPORT_LIMITS_URL: .* is not the URL of a Valkey or Redis server/,
    )
  })

  test.each(['12/secret', '12?secret', '12#secret', 'secret/12', 'a@b/secret', 'secret%zz', 'secret%'])(
    'with the password %s shows no part of it',
    (password) => {
      const invalid = { SALLYPORT_LIMITS_URL: `redis://me:${password}@cache.example.com/0` }
      expect(() => readConfig(invalid)).toThrow('SALLYPORT_LIMITS_URL')
      expect(() => readConfig(invalid)).not.toThrow(/12|secret/)
    },
  )
})

test('a mode that needs a store says so without one', () => {
  expect(() => readConfig({ SALLYPORT_LIMITS_MODE: 'exact' })).toThrow('SALLYPORT_LIMITS_URL')
  expect(readConfig({ SALLYPORT_LIMITS_MODE: 'local' }).limits.mode).toBe('local')
  const url = 'redis://cache.example.com'
  expect(readConfig({ SALLYPORT_LIMITS_MODE: 'exact', SALLYPORT_LIMITS_URL: url }).limits.mode).toBe('exact')
})

test.each([
  ['SALLYPORT_LIMITS_MODE', 'global'],
  ['SALLYPORT_LIMITS_MODE', 'Exact'],
  ['SALLYPORT_LIMITS_WAIT_MS', '4'],
  ['SALLYPORT_LIMITS_WAIT_MS', '5001'],
  ['SALLYPORT_LIMITS_WAIT_MS', '50ms'],
])('%s may not be %s', (variable, text) => {
  expect(() => readConfig({ SALLYPORT_LIMITS_URL: 'redis://cache.example.com', [variable]: text })).toThrow(
    variable,
  )
})

describe('the file of authorities', () => {
  const SALLYPORT_LIMITS_CA_FILE = '/etc/sallyport/limits.pem'

  test.each(['rediss://cache.example.com', 'valkeys://cache.example.com'])('is for %s', (url) => {
    const config = readConfig({ SALLYPORT_LIMITS_CA_FILE, SALLYPORT_LIMITS_URL: url })
    expect(config.limits.caFile).toBe(SALLYPORT_LIMITS_CA_FILE)
  })

  test.each([undefined, 'redis://cache.example.com', 'valkey://cache.example.com'])(
    'is not for %s',
    (url) => {
      expect(() => readConfig({ SALLYPORT_LIMITS_CA_FILE, SALLYPORT_LIMITS_URL: url })).toThrow(
        'SALLYPORT_LIMITS_CA_FILE: It is for a store of limits with TLS',
      )
    },
  )
})
