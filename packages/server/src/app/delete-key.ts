import type { KeyRow } from '../store/rows.ts'

export interface DeleteKeyInput {
  readonly organization: string
  readonly key: string
}
export interface DeletedKey {
  readonly key: KeyRow
  readonly revision: number
}
