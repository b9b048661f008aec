import type jsonata from 'jsonata'
import type { EvaluationFault, EvaluationLimits } from './evaluated.ts'

/** What the sandbox's global object holds, beside what every JavaScript realm has. Only texts and numbers enter. */
export interface SandboxScope {
  readonly jsonata: typeof jsonata
  /** The message, a JSON text. */
  message: string
  /** The texts of the expressions, a JSON text. */
  expressions: string
  /** Which expression is being evaluated. */
  index: number
  values: (string | undefined)[] | undefined
  fault: { readonly reason: EvaluationFault; readonly detail: string } | undefined
  evaluateAll: () => void
}

export interface SandboxLimits extends EvaluationLimits {
  /** The names of the functions that JSONata brings, without their `$`. */
  readonly builtIns: readonly string[]
}

/**
 * The program inside the sandbox. Only its text goes there, so it refers to nothing outside itself but types; it
 * defines `scope.evaluateAll`, which leaves `values` or `fault` in the scope.
 */
export function sandboxProgram(scope: SandboxScope, limits: SandboxLimits): void {
  // Compiled expressions take some 200 bytes of memory for each character.
  const COMPILED_CHARS_MAX = 128 * 1024
  const TOO_LARGE = Symbol('too large')
  /** How JSONata marks functions among objects. */
  const FUNCTION_FLAGS = ['_jsonata_function', '_jsonata_lambda']
  /** Only the transform operator changes an object that is there already; what `$eval` is given may hold one. */
  const MAY_CHANGE = /\||\$eval/

  // Without it, `__proto__` is a name like any other: a message may hold it, and it changes nothing else.
  Reflect.deleteProperty(Object.prototype, '__proto__')

  const compiled = new Map<string, jsonata.Expression>()
  let compiledChars = 0

  /** The expression of a text; those used last are kept. */
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

  function isFunction(value: unknown): boolean {
    if (typeof value === 'function') return true
    if (typeof value !== 'object' || value === null) return false
    return FUNCTION_FLAGS.some((flag) => Reflect.get(value, flag) === true)
  }

  let charsLeft = 0

  /** Counts while the text is being made: a value that holds another a million times is small until it is written. */
  function keep(_name: string, value: unknown): unknown {
    charsLeft -= typeof value === 'string' ? value.length + 2 : 1
    if (charsLeft < 0) throw TOO_LARGE
    return isFunction(value) ? undefined : value
  }

  function toText(value: unknown): string | undefined {
    const before = charsLeft
    const text = JSON.stringify(value, keep) as string | undefined
    charsLeft = before - (text?.length ?? 0)
    if (charsLeft < 0) throw TOO_LARGE
    return text
  }

  /** Says what went wrong by its kind alone: the words of an error repeat what the message holds. */
  function faultOf(error: unknown): { reason: EvaluationFault; detail: string } {
    if (error === TOO_LARGE) return { reason: 'too_large', detail: 'The results are too large.' }
    if (error instanceof RangeError) {
      return /^Invalid \w+ length$/.test(error.message)
        ? { reason: 'memory', detail: 'A text or an array grew past what the engine takes.' }
        : { reason: 'error', detail: 'It is nested too deeply, or a number is out of range.' }
    }
    if (error instanceof SyntaxError) return { reason: 'error', detail: 'A text could not be parsed.' }
    if (error instanceof Error) return { reason: 'error', detail: 'JSONata failed inside.' }
    const { code, position } = (error ?? {}) as { code?: unknown; position?: unknown }
    if (typeof code !== 'string' || !/^[A-Z]\d{4}$/.test(code)) {
      return { reason: 'error', detail: 'JSONata failed.' }
    }
    const where = Number.isInteger(position) ? ` at position ${String(position)}` : ''
    return { reason: 'error', detail: `JSONata ${code}${where}` }
  }

  async function evaluateAll(): Promise<void> {
    scope.index = 0
    scope.values = undefined
    scope.fault = undefined
    charsLeft = limits.resultCharsMax
    try {
      let message: unknown = JSON.parse(scope.message)
      const values: (string | undefined)[] = []
      for (const text of JSON.parse(scope.expressions) as string[]) {
        scope.index = values.length
        values.push(toText(await compile(text).evaluate(message)))
        if (MAY_CHANGE.test(text)) message = JSON.parse(scope.message)
      }
      scope.values = values
    } catch (error) {
      scope.fault = faultOf(error)
    }
  }

  /**
   * The transform operator reaches the functions that all expressions share, and could put one in the place of another
   * for somebody else's next evaluation. JSONata itself writes where it has called one, and nothing else.
   */
  async function protectBuiltIns(): Promise<void> {
    const names = limits.builtIns.map((name) => `$${name}`).join(', ')
    const builtIns = (await scope.jsonata(`[${names}]`).evaluate({})) as object[]
    for (const builtIn of builtIns) {
      for (const [name, value] of Object.entries(builtIn) as [string, unknown][]) {
        Object.defineProperty(builtIn, name, { writable: false })
        // The implementation, or what checks its arguments.
        if (value instanceof Object) [value, ...Object.values(value)].forEach(Object.freeze)
      }
      Object.seal(Object.assign(builtIn, { token: undefined, position: undefined }))
    }
    // Last, so that a realm whose functions could not be protected evaluates nothing.
    scope.evaluateAll = () => {
      void evaluateAll()
    }
  }

  void protectBuiltIns()
}
