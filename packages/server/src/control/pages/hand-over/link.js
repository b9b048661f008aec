/*
 * The secret of a hand-over link, and what this page does with it. The server does the opposite when it makes the link:
 * crypto/hand-over-secret.ts.
 */

const LINK = /^#(hov_[0-9A-Za-z]{16})\.([0-9A-Za-z]{43})$/
const BITS = 256
const KEY_INFO = 'sallyport hand-over key'
const PROOF_INFO = 'sallyport hand-over proof'

/**
 * @typedef {object} HandOver
 * @property {string} id of the hand-over
 * @property {string} secret only the link has it
 */

/**
 * Reads the fragment of a link.
 *
 * @param {string} fragment with `#`
 * @returns {HandOver | undefined} undefined if it is missing or cut
 */
export function readLink(fragment) {
  const [, id, secret] = LINK.exec(fragment) ?? []
  return id === undefined || secret === undefined ? undefined : { id, secret }
}

/**
 * What shows the server that the caller has the link, without telling it the secret; in base64url.
 *
 * @param {HandOver} handOver
 */
export async function proofOf({ secret }) {
  return toBase64url(await derive(secret, PROOF_INFO))
}

/**
 * Decrypts the token (AES-256-GCM, NIST SP 800-38D).
 *
 * @param {HandOver} handOver
 * @param {{ readonly nonce: string, readonly ciphertext: string }} encrypted in base64url
 * @throws if the ciphertext is not that of this link
 */
export async function decryptToken({ id, secret }, { nonce, ciphertext }) {
  const key = await crypto.subtle.importKey('raw', await derive(secret, KEY_INFO), 'AES-GCM', false, [
    'decrypt',
  ])
  const algorithm = { name: 'AES-GCM', iv: fromBase64url(nonce), additionalData: bytesOf(id) }
  return new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, fromBase64url(ciphertext)))
}

/**
 * HKDF-SHA-256 without salt (RFC 5869).
 *
 * @param {string} secret
 * @param {string} info
 */
async function derive(secret, info) {
  const material = await crypto.subtle.importKey('raw', bytesOf(secret), 'HKDF', false, ['deriveBits'])
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: bytesOf(info) }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, material, BITS))
}

/** @param {string} text */
function bytesOf(text) {
  return new TextEncoder().encode(text)
}

/** @param {Uint8Array} bytes */
function toBase64url(bytes) {
  const base64 = btoa(String.fromCharCode(...bytes))
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** @param {string} text */
function fromBase64url(text) {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
