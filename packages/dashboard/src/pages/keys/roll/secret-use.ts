import type { Key, Usage } from '@sallyport/sdk'
import type { SecretUse } from './lane-values.ts'

const MINUTES_MAX_MS = 2 * 24 * 60 * 60_000

export type Roll = NonNullable<Key['roll']>

/** A key that is rolling, as far as its roll is drawn. */
export type RollingKey = Pick<Key, 'id' | 'name' | 'createdAt' | 'secrets'>

/** When a roll began, in ms since 1970. */
export function rollStartMs({ secrets, createdAt }: RollingKey): number {
  return Date.parse(secrets.at(-1)?.createdAt ?? createdAt)
}

/** What to ask for to read the use of the secrets of a key since its roll began. */
export function secretUseInput(rolling: RollingKey, endMs: number, nowMs: number) {
  const startMs = rollStartMs(rolling)
  return {
    key: rolling.id,
    groupBy: 'secret',
    interval: endMs - startMs > MINUTES_MAX_MS ? 'hour' : 'minute',
    from: new Date(startMs).toISOString(),
    to: new Date(Math.min(nowMs, endMs)).toISOString(),
  } as const
}

/** Reads the use of each secret of a key from sums by secret. */
export async function readSecretUses(sums: AsyncIterable<Usage>): Promise<readonly SecretUse[]> {
  const uses: SecretUse[] = []
  for await (const { group, at, requests } of sums) {
    uses.push({ sequence: Number(group?.split('/')[1]), atMs: Date.parse(at), requests })
  }
  return uses
}
