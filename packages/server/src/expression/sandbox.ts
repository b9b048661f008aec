import { Script, constants, createContext, type Context } from 'node:vm'
import {
  evaluationFailure,
  type EvaluationResult,
  type EvaluationLimits,
  type EvaluationTask,
} from './evaluation.ts'
import { exactLibrary } from './exact-library.ts'
import { sandboxBase64 } from './sandbox-base64.ts'
import { sandboxDates } from './sandbox-dates.ts'
import { sandboxNumbers } from './sandbox-numbers.ts'
import { sandboxProgram, type SandboxLimits, type SandboxScope } from './sandbox-program.ts'

/** The source text of what the sandbox runs besides its own program. */
export interface SandboxSources {
  /** JSONata's script. */
  readonly library: string
  /** Core's `makeExactJson`. */
  readonly exactJson: string
}

const EVALUATE = new Script('evaluateAll()')

/** Matches where JSONata's script defines a built-in function. */
const BUILT_IN = /\bstaticFrame\.bind\('(\w+)'/g

/**
 * Evaluates JSONata in a separate JavaScript realm that has only the language: no modules, no timers, no code from
 * strings, and no object of this realm.
 *
 * The realm's promises settle within the call that starts them, and V8 ends that call at the timeout. So no loop keeps
 * this process from noticing that its parent has exited.
 */
export class Sandbox {
  readonly #library: Script
  readonly #base64: Script
  readonly #dates: Script
  readonly #numbers: Script
  readonly #program: Script
  readonly #limits: EvaluationLimits
  #scope: Context & SandboxScope

  /** @throws Error if JSONata is another version than `exactLibrary` knows */
  constructor({ library, exactJson }: SandboxSources, limits: EvaluationLimits) {
    this.#library = new Script(exactLibrary(library), { filename: 'jsonata.js' })
    this.#base64 = new Script(`(${sandboxBase64.toString()})(globalThis)`, { filename: 'sandbox-base64.ts' })
    this.#dates = new Script(`(${sandboxDates.toString()})(globalThis)`, { filename: 'sandbox-dates.ts' })
    this.#numbers = new Script(`(${sandboxNumbers.toString()})(globalThis, (${exactJson})())`, {
      filename: 'sandbox-numbers.ts',
    })
    const builtIns = [...library.matchAll(BUILT_IN)].map(([, name]) => name as string)
    const sandboxLimits: SandboxLimits = { ...limits, builtIns }
    this.#program = new Script(
      `(${sandboxProgram.toString()})(globalThis, ${JSON.stringify(sandboxLimits)})`,
      {
        filename: 'sandbox-program.ts',
      },
    )
    this.#limits = limits
    this.#scope = this.#newScope()
  }

  evaluate({ expressions, message }: EvaluationTask): EvaluationResult {
    const scope = this.#scope
    scope.message = message
    scope.expressions = JSON.stringify(expressions)
    try {
      EVALUATE.runInContext(scope, { timeout: this.#limits.evaluationMs })
      scope.message = ''
    } catch (error) {
      // The evaluation may have stopped at any point, so this realm is not reused.
      this.#scope = this.#newScope()
      return isTimeout(error)
        ? evaluationFailure('timeout', `It took longer than ${this.#limits.evaluationMs} ms.`, scope.index)
        : evaluationFailure('error', 'The evaluation was aborted.', scope.index)
    }
    const { values, fault, index } = scope
    scope.values = undefined
    if (values !== undefined) return { kind: 'values', values: [...values] }
    if (fault !== undefined) return evaluationFailure(fault.reason, fault.detail, index)
    this.#scope = this.#newScope()
    return evaluationFailure('error', 'The evaluation did not complete.', index)
  }

  #newScope(): Context & SandboxScope {
    const scope = createContext(constants.DONT_CONTEXTIFY, {
      codeGeneration: { strings: false, wasm: false },
      microtaskMode: 'afterEvaluate',
    })
    this.#dates.runInContext(scope)
    this.#library.runInContext(scope)
    this.#base64.runInContext(scope)
    this.#numbers.runInContext(scope)
    this.#program.runInContext(scope)
    return scope as Context & SandboxScope
  }
}

function isTimeout(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}
