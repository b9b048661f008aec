import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { parseGitHubKeys } from './github-keys.ts'

const pem = (namedCurve: string): string =>
  generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'pem' })
const P256 = pem('prime256v1')

function list(...keys: readonly unknown[]): string {
  return JSON.stringify({ public_keys: keys })
}

test('takes the list as GitHub publishes it', () => {
  const text = list({ key_identifier: 'f9525bf0', key: P256, is_current: true })
  expect(parseGitHubKeys(text)).toEqual([{ id: 'f9525bf0', publicKey: P256 }])
})

test.each([
  '',
  'x',
  '[]',
  '{}',
  'null',
  '{"public_keys": {}}',
  list(),
  list(...Array.from({ length: 101 }, () => ({}))),
])('refuses what is no list: %.40s', (text) => {
  expect(() => parseGitHubKeys(text)).toThrow(/not the list of GitHub's public keys/)
})

test('names every problem of every key', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const text = list(
    null,
    { key_identifier: 'a b', key: P256 },
    { key_identifier: 'other-curve', key: pem('secp384r1') },
    { key_identifier: 'private', key: privateKey.export({ type: 'pkcs8', format: 'pem' }) },
    { key_identifier: 'twice', key: P256 },
    { key_identifier: 'twice', key: P256 },
  )
  expect(() => parseGitHubKeys(text)).toThrow(
    expect.objectContaining({
      messages: [
        'Key 1: its key_identifier is missing or not valid.',
        'Key 1: its key is not a public key of the curve P-256 in PEM.',
        'Key 2: its key_identifier is missing or not valid.',
        'Key 3: its key_identifier is missing or not valid.',
        'Key 3: its key is not a public key of the curve P-256 in PEM.',
        'Key 4: its key is not a public key of the curve P-256 in PEM.',
        'The identifier "twice" is used twice.',
      ],
    }),
  )
})
