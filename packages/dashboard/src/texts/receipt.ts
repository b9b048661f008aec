import type { Receipt } from '@sallyport/sdk'
import { count, counted } from '../format/numbers.ts'

/** What a receipt says. */
export const receipt = {
  label: (revision: string) => `Receipt of revision ${revision}`,
  ms: (ms: string) => `${ms} ms`,
  waiting: 'Waiting',
  /** The end of a sentence about a change, such as "on 3 gateways after 12 ms". */
  on: ({ gateways, elapsedMs }: Receipt) => {
    const done = gateways.filter(({ confirmed }) => confirmed).length
    return `on ${counted(done, 'gateway')} after ${count(Math.round(elapsedMs))} ms`
  },
  inForce: ({ gateways, elapsedMs }: Receipt) => {
    const done = gateways.filter(({ confirmed }) => confirmed).length
    return `In force on ${done} of ${counted(gateways.length, 'gateway')} after ${count(Math.round(elapsedMs))} ms`
  },
  summary: ({ gateways, elapsedMs, revision }: Receipt) => {
    const done = gateways.filter(({ confirmed }) => confirmed).length
    return `In force on ${done} of ${gateways.length} gateways after ${count(Math.round(elapsedMs))} ms, revision ${count(revision)}`
  },
}
