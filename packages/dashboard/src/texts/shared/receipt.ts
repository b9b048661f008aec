import type { Receipt } from '@sallyport/sdk'
import { count, counted } from '../../format/numbers.ts'

function countOfConfirmed({ gateways }: Receipt): number {
  return gateways.filter((gateway) => gateway.confirmed).length
}

function after({ elapsedMs }: Receipt): string {
  return `after ${count(Math.round(elapsedMs))} ms`
}

/** What holds on how many gateways: "Refused on 3 of 3 gateways after 12 ms". */
function confirmed(what: string, receipt: Receipt): string {
  return `${what} on ${countOfConfirmed(receipt)} of ${counted(receipt.gateways.length, 'gateway')} ${after(receipt)}`
}

const inForce = (receipt: Receipt): string => confirmed('In force', receipt)

/** What a receipt says. */
export const receipt = {
  label: (revision: string) => `Receipt of revision ${revision}`,
  ms: (ms: string) => `${ms} ms`,
  waiting: 'Waiting',
  /** The end of a sentence about a change, such as "on 3 gateways after 12 ms". */
  on: (facts: Receipt) => `on ${counted(countOfConfirmed(facts), 'gateway')} ${after(facts)}`,
  confirmed,
  inForce,
  summary: (facts: Receipt) => `${inForce(facts)}, revision ${count(facts.revision)}`,
}
