import { createPublicKey } from 'node:crypto'
import type { GitHubKeyConfig } from './config.ts'
import { quoted, SettingError } from './setting-values.ts'

const KEYS_MAX = 100
const FORM = '{"public_keys": [{"key_identifier": "…", "key": "-----BEGIN PUBLIC KEY-----…"}]}'
const NOT_A_LIST = `The value is not the list of GitHub's public keys, ${FORM}, with 1 to ${KEYS_MAX} keys. Use the text of https://api.github.com/meta/public_keys/secret_scanning.`
const IDENTIFIER = /^[0-9A-Za-z]{1,128}$/

/**
 * Parses the public keys with which GitHub signs reports of secrets that it found, in the form in which GitHub publishes
 * them.
 *
 * @throws SettingError with every problem
 */
export function parseGitHubKeys(text: string): readonly GitHubKeyConfig[] {
  const entries = listOf(text)
  if (entries === undefined) throw new SettingError(NOT_A_LIST)
  const problems: string[] = []
  const keys = entries.map((entry, index) => {
    const { key_identifier: id, key: publicKey } = (entry ?? {}) as Readonly<Record<string, unknown>>
    const report = (problem: string): void => void problems.push(`Key ${index + 1}: ${problem}`)
    if (typeof id !== 'string' || !IDENTIFIER.test(id)) report('its key_identifier is missing or not valid.')
    if (!isP256(publicKey)) report('its key is not a public key of the curve P-256 in PEM.')
    return { id: String(id), publicKey: String(publicKey) }
  })
  const repeated = keys.find(({ id }, index) => keys.findIndex((other) => other.id === id) !== index)
  if (repeated !== undefined) problems.push(`The identifier ${quoted(repeated.id)} is used twice.`)
  if (problems.length > 0) throw new SettingError(...problems)
  return keys
}

function listOf(text: string): readonly unknown[] | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || !('public_keys' in value)) return undefined
  const { public_keys: keys } = value
  return Array.isArray(keys) && keys.length > 0 && keys.length <= KEYS_MAX ? keys : undefined
}

function isP256(pem: unknown): boolean {
  if (typeof pem !== 'string' || !pem.startsWith('-----BEGIN PUBLIC KEY-----')) return false
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(pem)
    return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1'
  } catch {
    return false
  }
}
