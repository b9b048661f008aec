import { textWords } from './packed-text.ts'
import {
  INDIVIDUAL_VALUES_MAX,
  POOL_WORDS_MAX,
  VALUE_WORDS_MAX,
  VALUES_MAX,
  type ValuePlaces,
} from './value-pool.ts'

/** A value and its number. */
export interface NumberedValue {
  readonly number: number
  /** Of `valueText`. */
  readonly text: string
  readonly isIndividual: boolean
}

/** What one list takes of a pool at most: four of them always have room. */
const SHARE = 4

/**
 * Numbers for the values of rows that will belong to a table of another thread, whose pool then gives them places. The
 * numbers are 1, 2, 3, …
 */
export class NumberedValues implements ValuePlaces {
  readonly #numbers = new Map<string, number>()
  #new: NumberedValue[] = []
  #words = 0
  #individualCount = 0

  place(text: string, isIndividual: boolean): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    if (this.#numbers.size >= VALUES_MAX / SHARE) return 0
    if (isIndividual && this.#individualCount >= INDIVIDUAL_VALUES_MAX / SHARE) return 0
    const words = textWords(text)
    // A block of the pool can end with so many words that no value fits.
    if (words > VALUE_WORDS_MAX || this.#words + words > POOL_WORDS_MAX / (2 * SHARE)) return 0
    const number = this.#numbers.size + 1
    this.#numbers.set(text, number)
    this.#new.push({ number, text, isIndividual })
    this.#words += words
    if (isIndividual) this.#individualCount += 1
    return number
  }

  /** The values that were added since the last call. */
  take(): readonly NumberedValue[] {
    const taken = this.#new
    this.#new = []
    return taken
  }
}
