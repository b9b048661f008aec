import { Script, constants, createContext, type Context } from 'node:vm'
import { failed, type Evaluated, type EvaluationLimits, type EvaluationTask } from './evaluated.ts'
import { sandboxBase64 } from './sandbox-base64.ts'
import { sandboxProgram, type SandboxLimits, type SandboxScope } from './sandbox-program.ts'

const EVALUATE = new Script('evaluateAll()')

/** How JSONata's script defines a function for all expressions. */
const BUILT_IN = /\bstaticFrame\.bind\('(\w+)'/g

/**
 * Evaluates JSONata in a JavaScript realm of its own, in which there is nothing but the language: no module, no
 * timer, no way to make code from text, and no object of this realm.
 *
 * Promises of the realm run to their end inside the one call that starts them, and V8 ends that call when its time is
 * over. So a loop, however it is made, does not keep this process from hearing that its parent has gone.
 */
export class Sandbox {
  readonly #library: Script
  readonly #base64: Script
  readonly #program: Script
  readonly #limits: EvaluationLimits
  #scope: Context & SandboxScope

  /** @param librarySource the text of JSONata's own script */
  constructor(librarySource: string, limits: EvaluationLimits) {
    this.#library = new Script(librarySource, { filename: 'jsonata.js' })
    this.#base64 = new Script(`(${sandboxBase64.toString()})(globalThis)`, { filename: 'sandbox-base64.ts' })
    const builtIns = [...librarySource.matchAll(BUILT_IN)].map(([, name]) => name as string)
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

  evaluate({ expressions, message }: EvaluationTask): Evaluated {
    const scope = this.#scope
    scope.message = message
    scope.expressions = JSON.stringify(expressions)
    try {
      EVALUATE.runInContext(scope, { timeout: this.#limits.evaluationMs })
      scope.message = ''
    } catch (error) {
      // Whatever stopped it stopped it anywhere, so this realm is not used again.
      this.#scope = this.#newScope()
      return isTimeout(error)
        ? failed('timeout', `It took longer than ${this.#limits.evaluationMs} ms.`, scope.index)
        : failed('error', 'The evaluation broke off.', scope.index)
    }
    const { values, fault, index } = scope
    scope.values = undefined
    if (values !== undefined) return { kind: 'values', values: [...values] }
    if (fault !== undefined) return failed(fault.reason, fault.detail, index)
    this.#scope = this.#newScope()
    return failed('error', 'The evaluation came to no end.', index)
  }

  #newScope(): Context & SandboxScope {
    const scope = createContext(constants.DONT_CONTEXTIFY, {
      codeGeneration: { strings: false, wasm: false },
      microtaskMode: 'afterEvaluate',
    })
    this.#library.runInContext(scope)
    this.#base64.runInContext(scope)
    this.#program.runInContext(scope)
    return scope as Context & SandboxScope
  }
}

function isTimeout(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}
