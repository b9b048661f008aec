/**
 * Gives equal values one small number, so that a table row can hold the number. It only ever grows, so snapshots of
 * different revisions share one: an older snapshot holds no number that a later one gave a new meaning.
 */
export class Interner<T> {
  readonly #values: T[] = []
  readonly #numbers = new Map<string, number>()

  /** The number of a value, by the text that says when two values are the same. */
  number(value: T, identity: string): number {
    const known = this.#numbers.get(identity)
    if (known !== undefined) return known
    const number = this.#values.push(value) - 1
    this.#numbers.set(identity, number)
    return number
  }

  /** The value behind a number that this interner gave. */
  value(number: number): T {
    const value = this.#values[number]
    if (value === undefined) throw new RangeError(`no value has the number ${number}`)
    return value
  }
}
