const BYTES = 16
const HEX = 16

/**
 * A name for one attempt to change something, which the server does once however often it is sent. Not `crypto.randomUUID`,
 * which browsers do not have in pages over plain HTTP.
 */
export function newAttempt(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES))
  return Array.from(bytes, (byte) => byte.toString(HEX).padStart(2, '0')).join('')
}
