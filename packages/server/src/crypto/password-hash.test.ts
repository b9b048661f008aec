import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decoyHash, generatePassword, hashPassword, verifyPassword } from './password-hash.ts'

/** From the tests of the reference implementation of Argon2: version 19, salt "somesalt". */
const KNOWN = [
  '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
  '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc',
]
const KNOWN_PASSWORD = 'password'
const KNOWN_HASH = KNOWN[0] ?? ''

test('verifies hashes of the reference implementation and rejects other passwords', async () => {
  for (const hash of KNOWN) {
    expect(await verifyPassword(KNOWN_PASSWORD, hash)).toBe(true)
    for (const wrong of ['', 'passwore', 'password ', 'Password', 'password\0']) {
      expect(await verifyPassword(wrong, hash)).toBe(false)
    }
  }
})

test('hashes with the configured cost and a new salt each time', async () => {
  const password = generatePassword(randomBytes)
  const hashes = await Promise.all([hashPassword(password, randomBytes), hashPassword(password, randomBytes)])
  expect(new Set(hashes).size).toBe(2)
  for (const hash of hashes) {
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(hash).not.toContain(password)
    expect(await verifyPassword(password, hash)).toBe(true)
  }
})

test('hashing does not block the event loop', async () => {
  let turns = 0
  let isDone = false
  const turn = (): void => {
    turns += 1
    if (!isDone) setImmediate(turn)
  }
  setImmediate(turn)
  await hashPassword('password', randomBytes)
  isDone = true
  expect(turns).toBeGreaterThan(5)
})

test('a decoy has the form and cost of a real hash and verifies no password', async () => {
  const decoy = decoyHash(randomBytes)
  expect(decoy).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  expect(await verifyPassword('', decoy)).toBe(false)
})

test('generates distinct passwords of 32 base62 characters', () => {
  const passwords = Array.from({ length: 64 }, () => generatePassword(randomBytes))
  expect(new Set(passwords).size).toBe(64)
  for (const password of passwords) expect(password).toMatch(/^[0-9A-Za-z]{32}$/)
})

test('accepts parameters up to the limits, so that the cost can be raised later', async () => {
  const hashOf = (parameters: string, saltBytes: number, tagBytes: number): string => {
    const [salt, tag] = [saltBytes, tagBytes].map((count) =>
      randomBytes(count).toString('base64').replaceAll('=', ''),
    )
    return `$argon2id$v=19$${parameters}$${salt}$${tag}`
  }
  expect(await verifyPassword(KNOWN_PASSWORD, hashOf('m=8,t=1,p=1', 8, 16))).toBe(false)
  expect(await verifyPassword(KNOWN_PASSWORD, hashOf('m=32,t=8,p=4', 64, 64))).toBe(false)
  expect(await verifyPassword(KNOWN_PASSWORD, hashOf('m=131072,t=1,p=4', 16, 32))).toBe(false)
})

describe('rejects an invalid hash without quoting it:', () => {
  const replaced = (from: string, to: string): string => KNOWN_HASH.replace(from, to)
  test.each([
    ['nothing', ''],
    ['another algorithm', replaced('argon2id', 'argon2i')],
    ['another version', replaced('v=19', 'v=16')],
    ['no version', replaced('$v=19', '')],
    ['gigabytes', replaced('m=256', 'm=4194304')],
    ['one KiB too much', replaced('m=256', 'm=131073')],
    ['too little memory', replaced('m=256', 'm=7')],
    ['memory with a leading zero', replaced('m=256', 'm=0256')],
    ['negative memory', replaced('m=256', 'm=-256')],
    ['too little memory for two lanes', replaced('m=256,t=2,p=1', 'm=15,t=2,p=2')],
    ['too many passes', replaced('t=2', 't=9')],
    ['passes with a space', replaced('t=2', 't=2 ')],
    ['no pass', replaced('t=2', 't=0')],
    ['too many lanes', replaced('p=1', 'p=5')],
    ['lanes with a space', replaced('p=1', 'p=1 ')],
    ['an extra parameter', replaced('p=1', 'p=1,keyid=AA')],
    ['parameters in another order', replaced('m=256,t=2', 't=2,m=256')],
    ['a salt that is too short', replaced('c29tZXNhbHQ', 'c29tZXNhbA')],
    ['a salt that is too long', replaced('c29tZXNhbHQ', 'c29t'.repeat(22))],
    ['a salt with trailing bits', replaced('c29tZXNhbHQ', 'c29tZXNhbHR')],
    ['padding', replaced('c29tZXNhbHQ', 'c29tZXNhbHQ=')],
    ['a hash that is too short', KNOWN_HASH.slice(0, -23)],
    ['a truncated hash', KNOWN_HASH.slice(0, -1)],
    ['a line break at the end', `${KNOWN_HASH}\n`],
    ['leading data', `a${KNOWN_HASH}`],
    ['trailing data', `${KNOWN_HASH}$AAAA`],
  ])('%s', async (_what, hash) => {
    await expect(verifyPassword(KNOWN_PASSWORD, hash)).rejects.toThrow(
      /^The stored password hash is malformed or exceeds the limits\.$/,
    )
  })
})
