import { RECORDS_VERSION } from '@sallyport/core'

/** The versions of something that a release can use, from the lowest to the highest. */
export interface VersionRange {
  readonly lowest: number
  readonly highest: number
}

/** What two sides of a stream must agree on. */
export interface SpokenVersions {
  /** Of the functions and messages of a stream, and of the format of blocks. */
  readonly protocol: VersionRange
  /** Of the records in blocks; see `versionOfRecord`. */
  readonly records: VersionRange
}

/** What this release speaks. */
export const SPOKEN: SpokenVersions = {
  protocol: { lowest: 1, highest: 1 },
  records: { lowest: 1, highest: RECORDS_VERSION },
}

/** A relay hands records on without reading them. */
export const SPOKEN_BY_RELAY: SpokenVersions = {
  protocol: SPOKEN.protocol,
  records: { lowest: 1, highest: Number.MAX_SAFE_INTEGER },
}

/** What releases speak that do not say it. */
const UNSAID: SpokenVersions = {
  protocol: { lowest: 1, highest: 1 },
  records: { lowest: 1, highest: 1 },
}

/** The header with which a gateway says what it speaks, such as `protocol=1-2, records=1-3`. */
export const VERSIONS_HEADER = 'sallyport-versions'

const HEADER = /^protocol=(\d{1,16})-(\d{1,16}), records=(\d{1,16})-(\d{1,16})$/

export function versionsText({ protocol, records }: SpokenVersions): string {
  return `protocol=${protocol.lowest}-${protocol.highest}, records=${records.lowest}-${records.highest}`
}

/** @returns undefined for a text that is none of `versionsText` */
export function readVersions(text: string | undefined): SpokenVersions | undefined {
  if (text === undefined) return UNSAID
  const numbers = HEADER.exec(text)?.slice(1).map(Number)
  if (numbers === undefined) return undefined
  const [low = 0, high = 0, lowRecords = 0, highRecords = 0] = numbers
  return {
    protocol: { lowest: low, highest: high },
    records: { lowest: lowRecords, highest: highRecords },
  }
}

/** The highest versions that both sides speak, or why there are none, with the side that must be upgraded. */
export type Agreement = { readonly protocol: number; readonly records: number } | { readonly refusal: string }

/** @param gateway the side that has opened the stream: a gateway, a gate or a relay */
export function agree(node: SpokenVersions, gateway: SpokenVersions): Agreement {
  const chosen = { protocol: 0, records: 0 }
  for (const what of ['protocol', 'records'] as const) {
    chosen[what] = Math.min(node[what].highest, gateway[what].highest)
    if (chosen[what] >= Math.max(node[what].lowest, gateway[what].lowest)) continue
    const older = node[what].highest < gateway[what].lowest ? 'control node' : 'gateway'
    return {
      refusal:
        `This gateway speaks ${versionsText(gateway)}; the control node speaks ${versionsText(node)}. ` +
        `Upgrade the ${older}.`,
    }
  }
  return chosen
}
