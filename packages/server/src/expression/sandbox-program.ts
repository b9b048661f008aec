import type jsonata from 'jsonata'
import type { EvaluationFailureReason, EvaluationLimits } from './evaluation.ts'
import type { NumbersScope } from './sandbox-numbers.ts'

/** The sandbox's additions to a JavaScript realm's global object. Only strings and numbers enter the sandbox. */
export interface SandboxScope extends Readonly<NumbersScope> {
  readonly jsonata: typeof jsonata
  /** The message as JSON text. */
  message: string
  /** The expressions as a JSON array of strings. */
  expressions: string
  /** The index of the current expression. */
  index: number
  values: (string | undefined)[] | undefined
  fault: { readonly reason: EvaluationFailureReason; readonly detail: string } | undefined
  evaluateAll: () => void
}

export interface SandboxLimits extends EvaluationLimits {
  /** The names of JSONata's built-in functions, without `$`. */
  readonly builtIns: readonly string[]
}

/**
 * The program inside the sandbox. Only its source text enters the sandbox, so it references nothing outside itself
 * except types. It defines `scope.evaluateAll`, which sets `values` or `fault` in the scope.
 */
export function sandboxProgram(scope: SandboxScope, limits: SandboxLimits): void {
  // Compiled expressions use about 200 bytes of memory per character.
  const COMPILED_CHARS_MAX = 128 * 1024
  const TOO_LARGE = Symbol('too large')
  const FUNCTION = Symbol('function')
  /** What the codes of sandbox-dates.ts, and of JSONata's own errors about dates, mean. */
  const DATE_FAULTS: Readonly<Record<string, string>> = {
    D3110: 'A text is no ISO 8601 timestamp, or names a date or a time that does not exist.',
    D3136: 'The picture lacks parts that are needed to read a date.',
    Z0001:
      'A time zone is unknown, or its offset has no whole minutes then. Use an offset such as +05:30, or a name such as Europe/Berlin.',
    Z0002: 'A date is not within the years 0 to 9999.',
    Z0003: 'A text does not match the picture, or its parts contradict each other.',
  }
  /** Only the transform operator modifies existing objects; the argument of `$eval` may contain one. */
  const MAY_CHANGE = /\||\$eval/

  // Without the accessor, `__proto__` in a message is an ordinary member name.
  Reflect.deleteProperty(Object.prototype, '__proto__')

  const numbers = scope.exactNumbers
  const compiled = new Map<string, jsonata.Expression>()
  let compiledChars = 0

  /** Compiles an expression, with a cache of the most recently used ones. */
  function compile(text: string): jsonata.Expression {
    const expression = compiled.get(text) ?? scope.jsonata(text)
    if (compiled.delete(text)) compiledChars -= text.length
    compiled.set(text, expression)
    compiledChars += text.length
    for (const oldest of compiled.keys()) {
      if (compiledChars <= COMPILED_CHARS_MAX || oldest === text) break
      compiled.delete(oldest)
      compiledChars -= oldest.length
    }
    return expression
  }

  /** The members by which JSONata marks an object as a function. */
  interface Flags {
    readonly _jsonata_function?: unknown
    readonly _jsonata_lambda?: unknown
  }

  function isFunction(value: unknown): boolean {
    if (typeof value === 'function') return true
    if (typeof value !== 'object' || value === null) return false
    const { _jsonata_function: isBuiltIn, _jsonata_lambda: isLambda } = value as Flags
    return isBuiltIn === true || isLambda === true
  }

  let charsLeft = 0

  /** The length of a value as JSON text, without what is inside of it, or less. */
  function charsOf(value: unknown): number {
    if (typeof value === 'string') return value.length + 2
    if (typeof value === 'number' && !Number.isFinite(value)) throw { code: numbers.refused }
    if (typeof value !== 'object' || value === null || !('rawJSON' in value)) return 1
    return JSON.isRawJSON(value) ? value.rawJSON.length : 1
  }

  /** Counts during serialization: a value that references another a million times is small until it is serialized. */
  function keep(_name: string, value: unknown): unknown {
    charsLeft -= charsOf(value)
    if (charsLeft < 0) throw TOO_LARGE
    if (isFunction(value)) throw FUNCTION
    return value
  }

  function toText(value: unknown): string | undefined {
    const before = charsLeft
    const text = JSON.stringify(value, keep) as string | undefined
    charsLeft = before - (text?.length ?? 0)
    if (charsLeft < 0) throw TOO_LARGE
    return text
  }

  /** Describes an error only by its kind, because error messages quote the message's content. */
  function faultOf(error: unknown): { reason: EvaluationFailureReason; detail: string } {
    if (error === TOO_LARGE) return { reason: 'too_large', detail: 'The results are too large.' }
    if (error === FUNCTION) return { reason: 'value', detail: 'The result is a function, or contains one.' }
    if (error instanceof RangeError) {
      return /^Invalid \w+ length$/.test(error.message)
        ? { reason: 'memory', detail: 'A string or an array exceeded the maximum length.' }
        : { reason: 'error', detail: 'The nesting is too deep, or a number is out of range.' }
    }
    if (error instanceof SyntaxError) return { reason: 'error', detail: 'A string could not be parsed.' }
    if (error instanceof Error) return { reason: 'error', detail: 'JSONata had an internal error.' }
    const { code, position, error: inner } = (error ?? {}) as Readonly<Record<string, unknown>>
    // $eval wraps the errors of the expression inside of it.
    if (inner !== undefined && faultOf(inner).reason === 'number') return faultOf(inner)
    if (code === numbers.refused) return { reason: 'number', detail: 'A number would change.' }
    if (typeof code !== 'string' || !/^[A-Z]\d{4}$/.test(code)) {
      return { reason: 'error', detail: 'JSONata failed.' }
    }
    const where = Number.isInteger(position) ? ` at position ${String(position)}` : ''
    const meaning = DATE_FAULTS[code]
    if (meaning !== undefined) return { reason: 'error', detail: meaning }
    return { reason: 'error', detail: `JSONata ${code}${where}` }
  }

  async function evaluateAll(): Promise<void> {
    scope.index = 0
    scope.values = undefined
    scope.fault = undefined
    charsLeft = limits.resultCharsMax
    try {
      let message = numbers.parseJson(scope.message)
      const values: (string | undefined)[] = []
      for (const text of JSON.parse(scope.expressions) as string[]) {
        scope.index = values.length
        values.push(toText(await compile(text).evaluate(message)))
        if (MAY_CHANGE.test(text)) message = numbers.parseJson(scope.message)
      }
      scope.values = values
    } catch (error) {
      scope.fault = faultOf(error)
    }
  }

  /**
   * Freezes the built-in functions. All expressions share them, and the transform operator could otherwise replace one
   * for later evaluations of other owners. JSONata itself writes only `token` and `position`, when it calls a function.
   */
  async function protectBuiltIns(): Promise<void> {
    const names = limits.builtIns.map((name) => `$${name}`).join(', ')
    const builtIns = (await scope.jsonata(`[${names}]`).evaluate({})) as object[]
    for (const builtIn of builtIns) {
      for (const [name, value] of Object.entries(builtIn) as [string, unknown][]) {
        Object.defineProperty(builtIn, name, { writable: false })
        // The implementation, or the signature that validates its arguments.
        if (value instanceof Object) [value, ...Object.values(value)].forEach(Object.freeze)
      }
      Object.seal(Object.assign(builtIn, { token: undefined, position: undefined }))
    }
    // Defined last, so that a realm whose functions could not be protected evaluates nothing.
    scope.evaluateAll = () => {
      void evaluateAll()
    }
  }

  void protectBuiltIns()
}
