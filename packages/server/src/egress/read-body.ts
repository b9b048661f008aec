/** A response is larger than its limit. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'

  constructor(bytesMax: number) {
    super(`the response has more than ${bytesMax} bytes`)
  }
}

/**
 * Reads the body of a response up to a size, beyond which it is destroyed.
 *
 * @throws BodyTooLarge, and whatever the body throws
 */
export async function readBody(
  body: AsyncIterable<Uint8Array>,
  bytesMax: number,
): Promise<Buffer<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let bytes = 0
  // Leaving the loop early destroys the body.
  for await (const part of body) {
    bytes += part.length
    if (bytes > bytesMax) throw new BodyTooLarge(bytesMax)
    parts.push(part)
  }
  return Buffer.concat(parts)
}
