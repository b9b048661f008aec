import { type Expression, type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/schema.ts'

/*
 * Rows as one text, which the database concatenates. A driver makes JavaScript values of each column of each row; one text
 * for hundreds of rows takes a quarter of that time. A line has the fields of a row. No stored text contains the two
 * characters: names have none, and JSON writes control characters as escapes.
 */
const FIELD_END = '\u001f'
const LINE_END = '\n'

/** A row as a line. A null is an empty field. */
export function line(...fields: readonly RawBuilder<unknown>[]): RawBuilder<string> {
  const parts = fields.flatMap((field) => [field, sql.lit(FIELD_END)])
  return sql<string>`concat(${sql.join(parts, sql`, `)})`
}

/**
 * Fields that have their usual values in most rows. These rows have an empty field instead of all of them.
 *
 * @param fields the first one is never empty, so that `Lines.skipUsual` sees the difference
 */
export function unlessUsual(
  isUsual: RawBuilder<boolean>,
  ...fields: readonly RawBuilder<unknown>[]
): RawBuilder<string> {
  const [first, ...others] = fields
  const rest = others.flatMap((field) => [sql.lit(FIELD_END), field])
  return sql<string>`case when ${isUsual} then '' else concat(${sql.join([first, ...rest], sql`, `)}) end`
}

/** Columns as fields of a line. */
export function columns(...names: readonly string[]): RawBuilder<unknown>[] {
  return names.map((name) => sql.ref(name))
}

/** The column of a query for lines. */
export interface LineColumn {
  readonly line: string
}

/** Runs a query. @returns its lines, in its order, as one text; null without rows */
export async function lineText(db: Database, query: Expression<unknown>): Promise<string | null> {
  const lines = sql`string_agg(line, ${sql.lit(LINE_END)})`
  const { rows } = await sql<{
    text: string | null
  }>`select ${lines} as text from (${query}) as lines`.execute(db)
  return rows[0]?.text ?? null
}

/** Reads lines. The methods that read a field go on behind it. */
export class Lines {
  readonly #text: string
  #at = 0

  /** @param text of `lineText` */
  constructor(text: string | null) {
    this.#text = text ?? ''
  }

  /** Whether all lines have been read. */
  get isDone(): boolean {
    return this.#at >= this.#text.length
  }

  /** Skips the empty field of a row with the usual values. @returns whether it is there; otherwise the fields come */
  skipUsual(): boolean {
    if (this.#text[this.#at] !== FIELD_END) return false
    this.#at += FIELD_END.length
    return true
  }

  field(): string {
    const start = this.#at
    const end = this.#text.indexOf(FIELD_END, start)
    if (end < 0) throw new Error('a line of the database ends in the middle')
    this.#at = end + 1
    return this.#text.slice(start, end)
  }

  /** A field that is null if it is empty. */
  fieldOrNull(): string | null {
    const field = this.field()
    return field === '' ? null : field
  }

  /** A whole number. */
  number(): number {
    let value = 0
    let at = this.#at
    for (; ; at += 1) {
      const digit = this.#text.charCodeAt(at) - ZERO
      if (!(digit >= 0 && digit <= 9)) break
      value = value * 10 + digit
    }
    if (at === this.#at || this.#text[at] !== FIELD_END) return Number(this.field())
    this.#at = at + 1
    return value
  }

  numberOrNull(): number | null {
    const field = this.field()
    return field === '' ? null : Number(field)
  }

  /** Ends a line. */
  end(): void {
    if (!this.isDone && this.#text[this.#at] !== LINE_END)
      throw new Error('a line of the database has another form')
    this.#at += LINE_END.length
  }
}

const ZERO = '0'.charCodeAt(0)
