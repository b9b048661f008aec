import { expect, test } from 'vitest'
import { checkOptions, GateError, type GateOptions } from './gate-options.ts'

const RULES = {
  isRange: (text: string): boolean => text === '10.0.0.0/8',
  isLoopback: (host: string): boolean => host === '127.0.0.1',
}
const valid = { url: 'https://control.example.com', folder: 'gate', environment: 'acme/prod' }

test('takes one URL or several, and the two names of an environment', () => {
  const urls = ['http://127.0.0.1:8080/', 'https://two.example.com']
  expect(
    checkOptions({ ...valid, urls, host: 'API.example.com:8443', trustedProxies: ['10.0.0.0/8'] }, RULES),
  ).toEqual({
    controlUrls: ['https://control.example.com', 'http://127.0.0.1:8080', 'https://two.example.com'],
    organization: 'acme',
    environment: 'prod',
  })
})

test.each([
  ['url', { url: undefined }],
  ['url', { url: 'control.example.com' }],
  ['url', { url: 'https://control.example.com/v1' }],
  ['url', { url: 'https://user:word@control.example.com' }],
  ['url', { url: 'http://control.example.com' }],
  ['url', { urls: ['http://127.0.0.2'] }],
  ['url', { url: 'ftp://control.example.com' }],
  ['folder', { folder: '' }],
  ['folder', { folder: undefined }],
  ['environment', { environment: undefined }],
  ['trustedProxy', { trustedProxy: ['10.0.0.0/8'] }],
  ['environment', { environment: 'prod' }],
  ['environment', { environment: '/prod' }],
  ['environment', { environment: 'acme/prod/eu' }],
  ['host', { host: 'https://api.example.com' }],
  ['host', { host: '' }],
  ['trustedProxies', { trustedProxies: ['10.0.0.0/8', '10.0.0.0/33'] }],
  ['upstreamAllow', { upstreamAllow: ['localhost'] }],
])('names the option to correct: %s of %j', (option, change) => {
  const check = (): unknown => checkOptions({ ...valid, ...change } as GateOptions, RULES)
  expect(check).toThrow(GateError)
  expect(check).toThrow(new RegExp(`^The gate cannot be connected:\n  ${option}: [^\n]+$`))
})
