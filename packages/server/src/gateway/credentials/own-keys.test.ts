import pino from 'pino'
import { beforeEach, expect, test } from 'vitest'
import { makeSigningKey } from '../testing/signing-keys.ts'
import { OwnKeys } from './own-keys.ts'

const log: string[] = []
const { record } = await makeSigningKey()
let keys: OwnKeys

beforeEach(() => {
  keys = new OwnKeys(pino({}, { write: (line: string) => log.push(line) }))
})

test("A signing key's public half verifies only tokens that name it, with its algorithm", async () => {
  const { publicJwk } = record
  const renamed = { ...record, publicJwk: { ...publicJwk, kid: 'another', alg: 'ES256' } }
  for (const each of [record, renamed]) {
    expect((await keys.setOf(each)).keys).toMatchObject([{ kid: record.id, algorithm: 'EdDSA' }])
  }
})

test('A signing key is imported once', async () => {
  const [one, other] = await Promise.all([keys.setOf(record), keys.setOf(record)])
  expect(one === other).toBe(true)
})

test('A signing key that cannot be imported is an outage, and logged with the reason', async () => {
  const broken = { ...record, publicJwk: { kty: 'OKP', crv: 'Ed25519', x: 'AA' } }
  await expect(keys.setOf(broken)).rejects.toMatchObject({ code: 'unavailable' })
  expect(JSON.parse(log.at(-1) ?? '')).toMatchObject({
    msg: 'a signing key cannot be imported',
    signingKey: record.id,
    problems: [expect.stringContaining('cannot be used')],
  })
})
