import * as crypto from 'node:crypto'
import { randomBase62 } from '@sallyport/core'

/** 190 random bits, as in the secret of a key. */
const PASSWORD_CHARS = 32

interface Cost {
  readonly memoryKib: number
  readonly passes: number
  readonly parallelism: number
}

/** What OWASP's Password Storage Cheat Sheet asks of argon2id: 19 MiB, 2 passes, 1 lane. */
const COST: Cost = { memoryKib: 19_456, passes: 2, parallelism: 1 }
const SALT_BYTES = 16
const TAG_BYTES = 32

/*
 * What a kept hash may ask for at most: more than COST, so that it can be raised, and too little to exhaust a machine
 * with a row that somebody has changed.
 */
const MEMORY_KIB_MAX = 128 * 1024
const PASSES_MAX = 8
const PARALLELISM_MAX = 4
/** RFC 9106 section 3.1: at least 8 KiB for each lane. */
const MEMORY_KIB_PER_LANE_MIN = 8
const SALT_BYTES_MIN = 8
const SALT_BYTES_MAX = 64
const TAG_BYTES_MIN = 16
const TAG_BYTES_MAX = 64

/** Decimal without leading zeros, and base64 without padding, as the PHC string format asks. */
const PHC =
  /^\$argon2id\$v=19\$m=([1-9]\d{0,9}),t=([1-9]\d{0,9}),p=([1-9]\d{0,9})\$([A-Za-z0-9+/]{1,86})\$([A-Za-z0-9+/]{1,86})$/

/** A new password: base62, so that it needs no care wherever it is pasted. */
export function generatePassword(randomBytes: (count: number) => Uint8Array): string {
  return randomBase62(PASSWORD_CHARS, randomBytes)
}

/**
 * Hashes a password with argon2id (RFC 9106).
 *
 * @param randomBytes gives that many cryptographically random bytes, for the salt
 * @returns `$argon2id$v=19$m=…,t=…,p=…$salt$hash`, the PHC string format
 */
export async function hashPassword(
  password: string,
  randomBytes: (count: number) => Uint8Array,
): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  return phc(salt, await tagOf(password, salt, COST, TAG_BYTES))
}

/**
 * A hash that no known password has, of the same cost to verify as one that `hashPassword` makes: to be verified
 * against where there is no user, so that this takes the time that a wrong password takes.
 */
export function decoyHash(randomBytes: (count: number) => Uint8Array): string {
  return phc(randomBytes(SALT_BYTES), randomBytes(TAG_BYTES))
}

/**
 * Whether a password is the one that was hashed, in a time that says nothing about how near it is.
 *
 * @throws Error, as a rejection, where the text is no such hash or asks for more than it may; never with the text in it
 */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const { cost, salt, tag } = parse(hash)
  return crypto.timingSafeEqual(await tagOf(password, salt, cost, tag.length), tag)
}

/** In the thread pool, off the event loop. */
async function tagOf(password: string, salt: Uint8Array, cost: Cost, tagLength: number): Promise<Buffer> {
  const parameters: crypto.Argon2Parameters = {
    message: Buffer.from(password, 'utf8'),
    nonce: salt,
    memory: cost.memoryKib,
    passes: cost.passes,
    parallelism: cost.parallelism,
    tagLength,
  }
  return await new Promise((resolve, reject) => {
    // Node.js has it from 24.7 on. Imported by its name, it would keep everything else from starting where it lacks.
    crypto.argon2('argon2id', parameters, (error, tag) => {
      if (error === null) resolve(tag)
      else reject(error)
    })
  })
}

function phc(salt: Uint8Array, tag: Uint8Array): string {
  const { memoryKib, passes, parallelism } = COST
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}

function parse(hash: string): { readonly cost: Cost; readonly salt: Buffer; readonly tag: Buffer } {
  const [, m = '', t = '', p = '', saltText = '', tagText = ''] = PHC.exec(hash) ?? []
  const cost: Cost = { memoryKib: Number(m), passes: Number(t), parallelism: Number(p) }
  const salt = Buffer.from(saltText, 'base64')
  const tag = Buffer.from(tagText, 'base64')
  const isWithinBounds =
    isWithin(cost.parallelism, 1, PARALLELISM_MAX) &&
    isWithin(cost.memoryKib, MEMORY_KIB_PER_LANE_MIN * cost.parallelism, MEMORY_KIB_MAX) &&
    isWithin(cost.passes, 1, PASSES_MAX) &&
    isWithin(salt.length, SALT_BYTES_MIN, SALT_BYTES_MAX) &&
    isWithin(tag.length, TAG_BYTES_MIN, TAG_BYTES_MAX) &&
    // Two texts must never be one hash.
    unpadded(salt) === saltText &&
    unpadded(tag) === tagText
  if (!isWithinBounds) throw new Error('This is no password hash that can be verified here.')
  return { cost, salt, tag }
}

function isWithin(value: number, min: number, max: number): boolean {
  return value >= min && value <= max
}
