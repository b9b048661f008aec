import type { z } from 'zod'
import type { receipt } from '../../contract/receipt.ts'
import type { Receipt } from '../../sync/receipts.ts'
import { timestampAnswer } from './timestamp.ts'

export type ReceiptAnswer = z.output<typeof receipt>

export function receiptAnswer({ revision, confirmed, gateways, elapsedMs }: Receipt): ReceiptAnswer {
  return {
    revision,
    confirmed,
    gateways: gateways.map((gateway) => ({
      id: gateway.id,
      state: gateway.state,
      confirmed: gateway.confirmed,
      seenAt: timestampAnswer(gateway.seenAtMs),
    })),
    elapsedMs,
  }
}
