import { decryptToken, proofOf, readLink } from '../../packages/server/src/control/pages/hand-over/link.js'

/** What opens a hand-over at `POST /v1/hand-overs/open`. */
export interface HandOverOpening {
  readonly id: string
  readonly proof: string
}

/** Does with a link what its page does before it asks the server. */
export async function openingOf(link: string): Promise<HandOverOpening> {
  const handOver = partsOf(link)
  return { id: handOver.id, proof: await proofOf(handOver) }
}

/** Decrypts the token in the answer to the opening of a link, as its page does. */
export async function tokenIn(answer: unknown, link: string): Promise<string> {
  return await decryptToken(partsOf(link), answer as Parameters<typeof decryptToken>[1])
}

/** The secret of a link. */
export function secretOf(link: string): string {
  return partsOf(link).secret
}

function partsOf(link: string) {
  const handOver = readLink(new URL(link).hash)
  if (handOver === undefined) throw new Error(`${link} is not a whole link`)
  return handOver
}
