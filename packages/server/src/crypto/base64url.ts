/**
 * Reads base64url as a JWS has it: no padding, no white space, no other alphabet, no bits left over (RFC 7515
 * section 2, RFC 4648 sections 3.5 and 5).
 *
 * @returns undefined for anything that is not the one text that its bytes are written as
 */
export function decodeBase64url(text: string): Buffer | undefined {
  // Node.js skips what it does not know and takes both alphabets, so only the way back tells whether all of it counted.
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}
