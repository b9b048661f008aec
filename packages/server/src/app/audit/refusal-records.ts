import type { AuditAction } from '../../store/port/audit/audit-actions.ts'
import type { AuditEntry } from '../../store/port/audit-events.ts'
import type { Store } from '../../store/port/store.ts'

/** How long refusals are counted together, in ms. */
const WINDOW_MS = 3_600_000
/** Refusals that one actor gets recorded in that time, each on its own. */
const PER_ACTOR_MAX = 20
/** The same of all actors of an organization together. */
const PER_ORGANIZATION_MAX = 200
/** Counters in memory; beyond that, the oldest one is closed. */
const COUNTERS_MAX = 10_000
/** Records that wait for the database. */
const WAITING_MAX = 100

/** A change that was refused. It has no secret. */
export interface Refusal {
  readonly organization: string
  readonly actor: string
  /** Such as `keys.refused`. */
  readonly action: AuditAction
  readonly target: string
  /** The code of the refusal, the operation, and what else explains it. */
  readonly after: Readonly<Record<string, unknown>>
}

interface Counter {
  readonly startsAtMs: number
  recorded: number
  /** Refusals without a record of their own. */
  more: number
}

export interface RefusalDeps {
  readonly store: Pick<Store, 'write'>
  readonly nowMs: () => number
  readonly onFault: (cause: unknown) => void
}

/**
 * Records refused changes in the audit log, behind the answer and in transactions of their own. A caller that is refused
 * again and again gets a bounded number of records an hour, and then one that says how many more there were.
 */
export class RefusalRecords {
  readonly #deps: RefusalDeps
  /** By organization and actor, and by organization alone. The oldest come first. */
  readonly #counters = new Map<string, Counter>()
  readonly #waiting = new Set<Promise<void>>()

  constructor(deps: RefusalDeps) {
    this.#deps = deps
  }

  /** Records a refusal or counts it. Never throws, and waits for nothing. */
  note(refusal: Refusal): void {
    const { organization, actor } = refusal
    const ofActor = this.#counter(nameOf(organization, actor))
    const ofAll = this.#counter(nameOf(organization))
    const isRecorded =
      ofActor.recorded < PER_ACTOR_MAX &&
      ofAll.recorded < PER_ORGANIZATION_MAX &&
      this.#waiting.size < WAITING_MAX
    if (!isRecorded) {
      ofActor.more += 1
      return
    }
    ofActor.recorded += 1
    ofAll.recorded += 1
    this.#write({ ...refusal, before: null, atMs: this.#deps.nowMs() })
  }

  /** Writes how many more refusals there were in the hours that are over. To be called every minute. */
  closeWindows(): void {
    const endedAtMs = this.#deps.nowMs() - WINDOW_MS
    for (const [name, { startsAtMs }] of this.#counters) if (startsAtMs <= endedAtMs) this.#close(name)
  }

  /** Writes what is left, and waits for it. */
  async end(): Promise<void> {
    for (const name of this.#counters.keys()) this.#close(name)
    await Promise.all(this.#waiting)
  }

  #counter(name: string): Counter {
    const known = this.#counters.get(name)
    const nowMs = this.#deps.nowMs()
    if (known !== undefined && nowMs - known.startsAtMs < WINDOW_MS) return known
    this.#close(name)
    const counter = { startsAtMs: nowMs, recorded: 0, more: 0 }
    this.#counters.set(name, counter)
    const oldest = this.#counters.keys().next()
    if (this.#counters.size > COUNTERS_MAX && oldest.done !== true) this.#close(oldest.value)
    return counter
  }

  #close(name: string): void {
    const counter = this.#counters.get(name)
    this.#counters.delete(name)
    if (counter === undefined || counter.more === 0) return
    const [organization = '', actor = ''] = name.split(' ')
    this.#write({
      organization,
      actor,
      action: 'audit.more-refused' satisfies AuditAction,
      target: `organization/${organization}`,
      before: null,
      after: { refused: counter.more, from: new Date(counter.startsAtMs).toISOString() },
      atMs: this.#deps.nowMs(),
    })
  }

  #write(entry: AuditEntry): void {
    const { store, onFault } = this.#deps
    const { organization, actor } = entry
    const written = store
      .write(async (tx) => await Promise.resolve(tx.audit(entry)), { organization, actor })
      .then(
        () => undefined,
        (cause: unknown) => onFault(cause),
      )
      .finally(() => this.#waiting.delete(written))
    this.#waiting.add(written)
  }
}

/** The name of a counter. Neither slugs nor ids have spaces. */
function nameOf(organization: string, actor = ''): string {
  return `${organization} ${actor}`
}
