import { keyState, liveSecrets } from '@sallyport/core'
import type { KeyRow } from '../../store/port/keys.ts'

/** Whether a secret of a key works. */
export function isLive(key: KeyRow, sequence: number, nowMs: number): boolean {
  const state = keyState(key, nowMs)
  if (state !== 'active' && state !== 'rolling') return false
  return liveSecrets(key, nowMs).some((secret) => secret.sequence === sequence)
}
