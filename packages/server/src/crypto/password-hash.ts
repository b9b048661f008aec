import * as crypto from 'node:crypto'
import { promisify } from 'node:util'
import { randomBase62 } from '@sallyport/core'

/** 190 random bits, like the secret of an API key. */
const PASSWORD_CHARS = 32

interface Cost {
  readonly memoryKib: number
  readonly passes: number
  readonly parallelism: number
}

/** The argon2id parameters of OWASP's Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane. */
const COST: Cost = { memoryKib: 19_456, passes: 2, parallelism: 1 }
const SALT_BYTES = 16
const TAG_BYTES = 32

/*
 * The limits for the parameters of a stored hash: above COST, so that COST can be raised later, and low enough that a
 * manipulated row cannot exhaust the machine.
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

/** Decimals without leading zeros and base64 without padding, as the PHC string format requires. */
const PHC =
  /^\$argon2id\$v=19\$m=([1-9]\d{0,9}),t=([1-9]\d{0,9}),p=([1-9]\d{0,9})\$([A-Za-z0-9+/]{1,86})\$([A-Za-z0-9+/]{1,86})$/

/** Generates a password in base62, which needs no escaping in shells, URLs and configuration files. */
export function generatePassword(randomBytes: (count: number) => Uint8Array): string {
  return randomBase62(PASSWORD_CHARS, randomBytes)
}

/**
 * Hashes a password with argon2id (RFC 9106).
 *
 * @param randomBytes returns that many cryptographically secure random bytes, for the salt
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
 * A hash without a known password, with the verification cost of a real one. Verifying against it for an unknown user
 * takes as long as a wrong password does.
 */
export function decoyHash(randomBytes: (count: number) => Uint8Array): string {
  return phc(randomBytes(SALT_BYTES), randomBytes(TAG_BYTES))
}

/**
 * Whether a password matches a hash. The comparison takes constant time.
 *
 * @throws Error if the text is not such a hash or its parameters exceed the limits; never quotes the text
 */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const { cost, salt, tag } = parse(hash)
  return crypto.timingSafeEqual(await tagOf(password, salt, cost, tag.length), tag)
}

/** Runs in the thread pool, off the event loop. */
async function tagOf(password: string, salt: Uint8Array, cost: Cost, tagLength: number): Promise<Buffer> {
  const parameters: crypto.Argon2Parameters = {
    message: Buffer.from(password),
    nonce: salt,
    memory: cost.memoryKib,
    passes: cost.passes,
    parallelism: cost.parallelism,
    tagLength,
  }
  // Available since Node.js 24.7. A named import would prevent the whole program from starting on older versions.
  return await promisify(crypto.argon2)('argon2id', parameters)
}

function phc(salt: Uint8Array, tag: Uint8Array): string {
  const { memoryKib, passes, parallelism } = COST
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '')
}

const UNUSABLE = 'The stored password hash is malformed or exceeds the limits.'

function parse(hash: string): { readonly cost: Cost; readonly salt: Buffer; readonly tag: Buffer } {
  const match = PHC.exec(hash)
  if (match === null) throw new Error(UNUSABLE)
  const [m, t, p, saltText, tagText] = match.slice(1) as [string, string, string, string, string]
  const cost: Cost = { memoryKib: Number(m), passes: Number(t), parallelism: Number(p) }
  const salt = Buffer.from(saltText, 'base64')
  const tag = Buffer.from(tagText, 'base64')
  const isWithinBounds =
    isWithin(cost.parallelism, 1, PARALLELISM_MAX) &&
    isWithin(cost.memoryKib, MEMORY_KIB_PER_LANE_MIN * cost.parallelism, MEMORY_KIB_MAX) &&
    isWithin(cost.passes, 1, PASSES_MAX) &&
    isWithin(salt.length, SALT_BYTES_MIN, SALT_BYTES_MAX) &&
    isWithin(tag.length, TAG_BYTES_MIN, TAG_BYTES_MAX) &&
    // Every hash has exactly one text form.
    unpadded(salt) === saltText &&
    unpadded(tag) === tagText
  if (!isWithinBounds) throw new Error(UNUSABLE)
  return { cost, salt, tag }
}

function isWithin(value: number, min: number, max: number): boolean {
  return value >= min && value <= max
}
