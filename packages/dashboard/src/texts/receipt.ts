import type { Receipt } from '@sallyport/sdk'
import { count } from '../format/numbers.ts'

/** What a receipt says. */
export const receipt = {
  label: (revision: string) => `Receipt of revision ${revision}`,
  ms: (ms: string) => `${ms} ms`,
  waiting: 'Waiting',
  summary: ({ gateways, elapsedMs, revision }: Receipt) => {
    const done = gateways.filter(({ confirmed }) => confirmed).length
    return `In force on ${done} of ${gateways.length} gateways after ${count(Math.round(elapsedMs))} ms, revision ${count(revision)}`
  },
}
