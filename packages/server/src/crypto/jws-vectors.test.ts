import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseCompactJws } from './compact-jws.ts'
import type { ClaimRules } from './jwt-claims.ts'
import { importKeySet, type KeySet } from './key-set.ts'
import { verifyJws } from './verify-jws.ts'
import { verifyJwt } from './verify-jwt.ts'

/** `vectors/README.md` describes the format. */
interface Vectors {
  readonly rules: Readonly<Record<string, ClaimRules>>
  readonly keySets: Readonly<Record<string, readonly unknown[]>>
  readonly cases: readonly Case[]
}

interface Case {
  readonly name: string
  readonly keySet: string
  readonly rules?: string
  readonly nowMs?: number
  readonly token: string
  readonly expected: 'valid' | 'invalid' | 'expired'
  readonly neighbourOf?: string
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../../vectors/jws.json', import.meta.url), 'utf8'),
) as Vectors

const keySets = new Map<string, KeySet>()
beforeAll(async () => {
  for (const [name, jwks] of Object.entries(vectors.keySets)) keySets.set(name, await importKeySet(jwks))
})

async function outcome(vector: Case): Promise<string> {
  const keys = keySets.get(vector.keySet)
  if (keys === undefined) throw new Error(`The vectors define no key set "${vector.keySet}".`)
  const jws = parseCompactJws(vector.token)
  if (jws === undefined) return 'invalid'
  if (vector.rules === undefined) return (await verifyJws(jws, keys)) === undefined ? 'invalid' : 'valid'
  const rules = vectors.rules[vector.rules]
  if (rules === undefined || vector.nowMs === undefined) throw new Error('Rules or time are missing.')
  return (await verifyJwt(jws, keys, rules, vector.nowMs)).kind
}

describe('tokens of vectors/jws.json', () => {
  test.each(vectors.cases)('$expected: $name', async (vector) => {
    expect(await outcome(vector)).toBe(vector.expected)
  })
})

test('every rejected case names a valid neighbour, and every valid case has a rejected neighbour', () => {
  const valid = new Set(vectors.cases.filter((one) => one.expected === 'valid').map((one) => one.name))
  const rejected = vectors.cases.filter((one) => one.expected !== 'valid')
  expect(rejected.filter((one) => one.neighbourOf === undefined || !valid.has(one.neighbourOf))).toEqual([])
  expect([...valid].filter((name) => !rejected.some((one) => one.neighbourOf === name))).toEqual([])
  expect(new Set(vectors.cases.map((one) => one.name)).size).toBe(vectors.cases.length)
})
