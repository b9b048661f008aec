import type { ListedKey } from '@sallyport/sdk'
import { WAIT_SECONDS } from '../../../data/change.ts'
import { sallyport } from '../../../data/sallyport.ts'
import { type Delivery, deliveryInput } from '../../../parts/shown-once/delivery.ts'
import type { NewSecret } from './rolling.ts'
import { useOneByOne } from './use-one-by-one.ts'

interface BulkRoll {
  readonly graceSeconds: number
  readonly delivery: Delivery
}

/** Rolls keys one after the other. The secrets are nowhere but in what this returns. */
export function useBulkRoll(organization: string, keys: readonly ListedKey[]) {
  return useOneByOne(
    organization,
    keys,
    async (
      { id, type },
      { graceSeconds, delivery }: BulkRoll,
      idempotencyKey,
    ): Promise<Pick<NewSecret, 'secret' | 'oldEndsAt'>> => {
      // A public key is no secret: its token is shown here in any case.
      const way = type === 'secret' ? deliveryInput(delivery) : {}
      const input = { organization, key: id, graceSeconds, wait: WAIT_SECONDS, ...way }
      const made = await sallyport.rollKey(input, { idempotencyKey })
      const [old] = made.key.secrets
      return {
        secret: made.handOver?.link ?? made.token ?? '',
        oldEndsAt: graceSeconds === 0 ? null : (old?.expiresAt ?? null),
      }
    },
  )
}
