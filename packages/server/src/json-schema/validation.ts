import { jsonPointer } from '@sallyport/core'

/** One reason why a value does not match a schema. */
export interface ValueError {
  /** A JSON Pointer (RFC 6901) to the value, or to a missing one. */
  readonly path: string
  /** A sentence that says what to send. It contains no value. */
  readonly message: string
}

/** The place of a value within the one that is validated. */
export interface Place {
  /** Null for the validated value itself, whose name does not count. */
  readonly parent: Place | null
  readonly name: string | number
}

/** The place of the validated value itself. */
export const WHOLE: Place = { parent: null, name: '' }

/** The validation needed more checks, or more levels, than one request may. */
export class TooManyChecks extends Error {
  override readonly name = 'TooManyChecks'
}

/** The most errors of one validation. */
const ERRORS_MAX = 100
/** The most schemas within each other while one value is validated: the call stack holds many times more. */
const LEVELS_MAX = 300
/** A caller chooses the names in a path. */
const PATH_CHARS_MAX = 500

/** One validation of a value: what it may still cost, and the errors that it has found. */
export class Validation {
  readonly errors: ValueError[] = []
  #checksLeft: number
  #levels = 0
  #quiet = 0

  /** @param checksMax what the validation may cost; one check takes some ten nanoseconds */
  constructor(checksMax: number) {
    this.#checksLeft = checksMax
  }

  /** Whether errors are neither kept nor searched any further. */
  get isQuiet(): boolean {
    return this.#quiet > 0 || this.errors.length >= ERRORS_MAX
  }

  /** @throws TooManyChecks */
  spend(checks: number): void {
    this.#checksLeft -= checks
    if (this.#checksLeft < 0) throw new TooManyChecks('the validation needs too many checks')
  }

  /** Begins a level. @throws TooManyChecks */
  enter(checks: number): void {
    this.spend(checks)
    this.#levels += 1
    if (this.#levels > LEVELS_MAX) throw new TooManyChecks('the value is nested too deeply')
  }

  leave(): void {
    this.#levels -= 1
  }

  /** Runs checks whose errors are not errors of the value. */
  quietly(check: () => boolean): boolean {
    this.#quiet += 1
    try {
      return check()
    } finally {
      this.#quiet -= 1
    }
  }

  /** Keeps an error unless this part is quiet. @returns false, as the result of the check */
  fail(place: Place, message: string): false {
    if (!this.isQuiet) this.errors.push({ path: pathOf(place), message })
    return false
  }
}

function pathOf(place: Place): string {
  const names: (string | number)[] = []
  for (let at = place; at.parent !== null; at = at.parent) names.unshift(at.name)
  let path = jsonPointer(...names)
  // A caller may have written a name of megabytes: the path then ends before it.
  while (path.length > PATH_CHARS_MAX) {
    names.pop()
    path = jsonPointer(...names)
  }
  return path
}
