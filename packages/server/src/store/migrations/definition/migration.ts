import type { Kysely } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/** One step of the schema. A migration that has landed is never edited; a later one corrects it. */
export interface Migration {
  /** 1, 2, 3, … */
  readonly number: number
  readonly name: string
  up(db: Kysely<unknown>, types: ColumnTypes): Promise<void>
}
