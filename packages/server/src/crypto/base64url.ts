/**
 * Decodes base64url as JWS defines it: no padding, no white space, no other alphabet, no trailing bits (RFC 7515
 * section 2, RFC 4648 sections 3.5 and 5).
 *
 * @returns the bytes, or undefined if the text is not their canonical encoding
 */
export function decodeBase64url(text: string): Buffer | undefined {
  // Node.js ignores unknown characters and accepts both alphabets, so the decoded bytes are encoded again to compare.
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}
