import type { KeyRow } from '../store/rows.ts'
import type { Actor } from './context.ts'

export interface Authenticated {
  readonly actor: Actor
  readonly key: KeyRow
}
