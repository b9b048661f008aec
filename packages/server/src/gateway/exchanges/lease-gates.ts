import { LeaseGate } from './lease-gate.ts'
import type { MayDecide } from './may-decide.ts'

/** A lease gate for each environment in which exchanges wait, because each says by itself what a stale gateway does. */
export class LeaseGates implements Disposable {
  readonly #mayDecide: MayDecide
  /** By organization and environment, which contain no space. */
  readonly #gates = new Map<string, LeaseGate>()

  /** @param mayDecide reads the clock each time */
  constructor(mayDecide: MayDecide) {
    this.#mayDecide = mayDecide
  }

  isOpen(organization: string, environment: string): boolean {
    return this.#mayDecide(organization, environment)
  }

  /** See `LeaseGate.whenOpen`. */
  whenOpen(organization: string, environment: string, resume: () => void, onLate: () => void): void {
    const name = `${organization} ${environment}`
    let gate = this.#gates.get(name)
    if (gate === undefined) {
      this.#dropIdle()
      gate = new LeaseGate(() => !this.#mayDecide(organization, environment))
      this.#gates.set(name, gate)
    }
    gate.whenOpen(resume, onLate)
  }

  [Symbol.dispose](): void {
    for (const gate of this.#gates.values()) gate[Symbol.dispose]()
    this.#gates.clear()
  }

  /** Environments come and go; a gate at which nothing waits is not needed. */
  #dropIdle(): void {
    for (const [name, gate] of this.#gates) if (gate.isIdle) this.#gates.delete(name)
  }
}
