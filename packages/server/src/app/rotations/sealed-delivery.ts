import { rotationContext } from '../../crypto/seal-contexts.ts'
import { tokenDigest } from '../../crypto/digest.ts'
import type { RotationName } from '../../store/port/keys/rotations.ts'
import type { Store } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { handOverLink, type IssuedHandOver } from '../hand-overs/issue-hand-over.ts'

/** What the webhook of a rotation receives besides the facts of its event. */
type Delivered = { readonly token: string } | { readonly handOver: IssuedHandOver }

/** What a webhook receives of a scheduled roll, as its event carries it. */
export type DeliveredFacts = Readonly<Record<string, unknown>>

/** Names the new secret of a scheduled roll. */
export interface RotatedSecret extends RotationName {
  readonly secretSequence: number
}

/** Seals what is to be delivered under the master key. */
export function sealDelivery(
  { sealer }: Pick<OperationContext, 'sealer'>,
  { organization, key, secretSequence }: RotatedSecret,
  delivered: Delivered,
): string {
  return sealer.seal(JSON.stringify(delivered), rotationContext({ organization, id: key }, secretSequence))
}

/**
 * What a webhook may receive of a scheduled roll at this moment.
 *
 * @param to the webhook that an attempt would be sent to
 * @returns undefined once the token has arrived, the roll was undone, its time is over, or the URL has changed
 */
export async function openDelivery(
  {
    store,
    sealer,
    nowMs,
    publicUrl,
  }: Pick<OperationContext, 'sealer' | 'nowMs' | 'publicUrl'> & { readonly store: Pick<Store, 'read'> },
  to: { readonly id: string; readonly url: string },
  secret: RotatedSecret,
): Promise<DeliveredFacts | undefined> {
  const { organization, key, secretSequence } = secret
  const row = await store.read.rotations.get(organization, key)
  const pending = row?.pending ?? null
  if (row === undefined || pending === null || pending.secretSequence !== secretSequence) return undefined
  if (row.webhook !== to.id || row.urlDigest !== tokenDigest(to.url)) return undefined
  if (nowMs() >= pending.untilMs) return undefined
  const stored = await store.read.keys.get(organization, key)
  const isLive = stored?.secrets.some(
    ({ sequence, expiresAtMs }) => sequence === secretSequence && expiresAtMs === null,
  )
  if (isLive !== true) return undefined
  const context = rotationContext({ organization, id: key }, secretSequence)
  const delivered = JSON.parse(sealer.unseal(pending.sealed, context)) as Delivered
  if ('token' in delivered) return delivered
  const { handOver } = delivered
  return {
    handOver: {
      id: handOver.id,
      link: handOverLink(publicUrl(), handOver),
      expiresAt: new Date(handOver.expiresAtMs).toISOString(),
    },
  }
}
