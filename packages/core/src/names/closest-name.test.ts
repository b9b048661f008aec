import { expect, test } from 'vitest'
import { closestName } from './closest-name.ts'

const KNOWN = ['id', 'name', 'type', 'expiresAt', 'timeoutMs', 'methods', 'apiKey', 'apiKeyInQuery']

test.each([
  ['typ', 'type'],
  ['tpye', 'type'],
  ['apikey', 'apiKey'],
  ['method', 'methods'],
  ['timeout', 'timeoutMs'],
  ['expires', 'expiresAt'],
  ['expires_at', 'expiresAt'],
  ['Name', 'name'],
])('%s is probably %s', (name, meant) => expect(closestName(name, KNOWN)).toBe(meant))

test.each(['', 'x', 'ix', 'scope', 'proto', 'time', 'a'.repeat(65), 'methods'.padEnd(65, 's')])(
  '%j is like none',
  (name) => expect(closestName(name, KNOWN)).toBeUndefined(),
)

test('the first of equally similar names is taken', () => {
  expect(closestName('cart', ['card', 'care'])).toBe('card')
  expect(closestName('cat', [])).toBeUndefined()
})
