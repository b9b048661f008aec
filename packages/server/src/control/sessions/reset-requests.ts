import { requestReset } from '../../app/passwords/request-reset.ts'
import { addressGroup } from '../../address/address-group.ts'
import { FairSemaphore } from '../../fairness/fair-semaphore.ts'
import type { ControlDeps } from '../routing/dependencies.ts'

const WAITING_MAX = 100

/**
 * Requests for a link to set a new password. They are worked on after their answer, because the time that this takes says
 * whether there is such a person. Addresses take turns.
 */
export class ResetRequests {
  readonly #deps: ControlDeps
  readonly #turns = new FairSemaphore({ runningMax: 2, waitingMax: WAITING_MAX })
  readonly #running = new Set<Promise<void>>()

  constructor(deps: ControlDeps) {
    this.#deps = deps
  }

  /** Returns at once. */
  add(email: string, address: string): void {
    const tenant = { organization: addressGroup(address), pipeline: '' }
    const work = this.#turns
      .run(tenant, async () => await requestReset(this.#deps, email))
      .catch((err: unknown) => this.#deps.logger.warn({ err }, 'a request for a new password failed'))
      .finally(() => this.#running.delete(work))
    this.#running.add(work)
  }

  /** Waits for those that are not done. */
  async done(): Promise<void> {
    await Promise.all(this.#running)
  }
}
