import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { KeyRecord } from '../feed/records.ts'
import type { KeyId } from '../keys/key-text.ts'
import { KeyTableLoader } from './key-table-loader.ts'

/** A key with so many secrets; its id ends with this character. */
function keyWith(secretCount: number, end: string): KeyRecord & { readonly id: KeyId } {
  return {
    kind: 'key',
    organization: 'acme',
    id: `key_000000000000000${end}`,
    type: 'secret',
    environment: null,
    consumer: null,
    roles: [],
    active: true,
    deleted: false,
    createdAtMs: 0,
    expiresAtMs: null,
    addressRules: [],
    rateLimits: [],
    secrets: Array.from({ length: secretCount }, (_, index) => ({
      sequence: index + 1,
      digest: index.toString(16).padStart(64, '0'),
      expiresAtMs: null,
      createdAtMs: index * 1000,
    })),
  }
}

test('loads a key with more secrets than a block holds, and the keys around it', () => {
  for (const keys of [
    [keyWith(1500, 'a'), keyWith(1, 'b')],
    [keyWith(1, 'a'), keyWith(1500, 'b'), keyWith(1, 'c')],
  ]) {
    const loader = new KeyTableLoader()
    for (const key of keys) loader.add(key)
    const table = loader.build()
    expect(keys.map(({ id }) => table.find(id)?.toRecord())).toEqual(keys)
  }
})

test('takes no large block for few keys, not even if they fill the first one', () => {
  // The blocks of earlier loaders must not be freed meanwhile.
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  setFlagsFromString('--no-expose-gc')
  const { arrayBuffers } = process.memoryUsage()
  const loader = new KeyTableLoader()
  // A key takes 16 words, and a secret 12: these are 16,384 words.
  for (const end of 'abcd') loader.add(keyWith(340, end))
  expect(process.memoryUsage().arrayBuffers - arrayBuffers).toBeLessThan(1024 * 1024)
  expect(loader.build().size).toBe(4)
})
