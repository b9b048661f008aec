import type { Kysely } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/** One step of the schema. Once it has landed it is never edited: what it got wrong, a later one mends. */
export interface Migration {
  /** 1, 2, 3, … */
  readonly number: number
  readonly name: string
  up(db: Kysely<unknown>, types: ColumnTypes): Promise<void>
}
