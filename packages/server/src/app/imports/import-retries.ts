import type { UnfinishedImport } from '../../store/port/keys/imports.ts'

/** How often in a row an import is tried: for almost two hours, with these pauses. */
export const TRIES_MAX = 20
/** The first pause, in ms. Each further one is twice as long. */
const PAUSE_MS_MIN = 1_000
/** The longest pause, in ms: ten minutes. */
const PAUSE_MS_MAX = 600_000

interface Failing {
  readonly tries: number
  readonly dueAtMs: number
}

/** Which imports of this process threw, and when each is tried again. Times are monotonic, in ms. */
export class ImportRetries {
  readonly #failing = new Map<string, Failing>()

  get size(): number {
    return this.#failing.size
  }

  isDue(one: UnfinishedImport, nowMs: number): boolean {
    return nowMs >= (this.#failing.get(nameOf(one))?.dueAtMs ?? -Infinity)
  }

  /** Notes that an import threw. @returns how often it did in a row */
  failed(one: UnfinishedImport, nowMs: number): number {
    const tries = (this.#failing.get(nameOf(one))?.tries ?? 0) + 1
    const pauseMs = Math.min(PAUSE_MS_MIN * 2 ** (tries - 1), PAUSE_MS_MAX)
    this.#failing.set(nameOf(one), { tries, dueAtMs: nowMs + pauseMs })
    return tries
  }

  succeeded(one: UnfinishedImport): void {
    this.#failing.delete(nameOf(one))
  }

  /** Forgets those that have ended. */
  keepOnly(running: readonly UnfinishedImport[]): void {
    const names = new Set(running.map(nameOf))
    for (const name of this.#failing.keys()) if (!names.has(name)) this.#failing.delete(name)
  }
}

function nameOf({ organization, id }: UnfinishedImport): string {
  return `${organization} ${id}`
}
