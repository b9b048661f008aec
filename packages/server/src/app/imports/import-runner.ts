import type {
  ImportedLine,
  ImportLine,
  ImportProblem,
  ImportRow,
  UnfinishedImport,
} from '../../store/port/keys/imports.ts'
import type { AuditAction } from '../../store/port/audit/audit-actions.ts'
import type { Store, Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { chunksOfTurn } from './chunks.ts'
import { turnFacts } from './turn-facts.ts'
import { checkLines } from './check-lines.ts'
import { importActor } from './import-actor.ts'
import { PROBLEMS_KEPT_MAX } from './import-bounds.ts'
import { ImportRetries, TRIES_MAX } from './import-retries.ts'

/** The running imports that take turns, besides those that threw. The others wait until one of them ends. */
const RUNNING_MAX = 100

export interface ImportRunnerDeps {
  readonly store: Pick<Store, 'write' | 'unfinishedImports'>
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  readonly quotaLimits: OperationContext['quotaLimits']
  /** Told what an import threw; the others go on. */
  readonly onFault: (cause: unknown, one: UnfinishedImport) => void
}

/**
 * Makes the keys of running imports, of about `TURN_LINES` lines in a transaction. It also removes these lines, so that
 * each line is worked off exactly once, whenever the process ends and however many processes do this. An import that
 * throws is tried again later, and fails after `TRIES_MAX` times in a row. The lines that are left of an import that has
 * ended are removed in turns too.
 */
export class ImportRunner {
  readonly #deps: ImportRunnerDeps
  readonly #retries = new ImportRetries()
  #isEnding = false

  constructor(deps: ImportRunnerDeps) {
    this.#deps = deps
  }

  /** Works off all running imports that are due, which take turns; resolves when none is left, or after `end`. */
  async tick(): Promise<void> {
    const { store, monotonicMs } = this.#deps
    for (let isLeft = true; isLeft;) {
      isLeft = false
      const running = await store.unfinishedImports(RUNNING_MAX + this.#retries.size)
      this.#retries.keepOnly(running)
      for (const one of running.filter((each) => this.#retries.isDue(each, monotonicMs()))) {
        if (this.#isEnding) return
        if (await this.#tryTurn(one)) isLeft = true
      }
    }
  }

  /** @returns whether the import goes on at once */
  async #tryTurn(one: UnfinishedImport): Promise<boolean> {
    const { monotonicMs, onFault } = this.#deps
    try {
      const isLeft = await this.#runTurn(one)
      this.#retries.succeeded(one)
      return isLeft
    } catch (cause) {
      onFault(cause, one)
      if (this.#retries.failed(one, monotonicMs()) >= TRIES_MAX) await this.#fail(one)
      return false
    }
  }

  /** Lets `tick` end after its present chunk. */
  end(): void {
    this.#isEnding = true
  }

  /** @returns whether the import goes on */
  async #runTurn({ organization, id, createdBy }: UnfinishedImport): Promise<boolean> {
    const { value } = await this.#deps.store.write(
      async (tx) => {
        const row = await tx.imports.get(organization, id)
        if (row === undefined || row.state === 'receiving') return false
        if (row.state !== 'running') return await tx.imports.removeSomeChunks(organization, id)
        const after = await this.#afterTurn(tx, row)
        await tx.imports.update(after)
        // Lines that are left are removed in further turns.
        return after.state !== 'done'
      },
      { organization, actor: createdBy, isLarge: true },
    )
    return value
  }

  /** Ends an import that threw too often. What this throws is the fault of one more try. */
  async #fail(one: UnfinishedImport): Promise<void> {
    const { organization, id, createdBy } = one
    try {
      await this.#deps.store.write(
        async (tx) => {
          const row = await tx.imports.get(organization, id)
          if (row?.state !== 'running') return
          const ended: ImportRow = { ...row, state: 'failed', endedAtMs: this.#deps.nowMs() }
          await tx.imports.update(withProblems(ended, [FAILED]))
          this.#audit(tx, row, 'imports.fail', { id, state: 'failed', read: row.read, made: row.made })
        },
        { organization, actor: createdBy },
      )
    } catch (cause) {
      this.#deps.onFault(cause, one)
    }
  }

  async #afterTurn(tx: Writer, row: ImportRow): Promise<ImportRow> {
    const { organization, id } = row
    const nowMs = this.#deps.nowMs()
    const actor = await importActor(tx, row, nowMs)
    const mayCreate = actor?.grantsIn(organization)?.some(({ permission }) => permission === 'keys.create')
    if (actor === undefined || mayCreate !== true) {
      this.#audit(tx, row, 'imports.stop', { id, state: 'stopped', read: row.read, made: row.made })
      return withProblems({ ...row, state: 'stopped', endedAtMs: nowMs }, [NOT_PERMITTED])
    }
    const chunks = await chunksOfTurn(tx.imports, organization, id)
    const lines = chunks.flatMap((chunk) => chunk.lines)
    // In the order of their ids, rows that are inserted together stand together.
    const valid = lines
      .filter(isValid)
      .toSorted((one, other) => byText(one.id, other.id) || one.line - other.line)
    const facts = await turnFacts(tx, organization, valid)
    const { keys: keysMax } = this.#deps.quotaLimits(organization)
    const { keys, problems } = checkLines(valid, facts, { row, actor, nowMs, keysMax })
    await tx.keys.insertAll(keys)
    const last = chunks.at(-1)
    if (last !== undefined) await tx.imports.removeChunks(organization, id, last)
    const read = row.read + lines.length
    const isDone = last === undefined || read >= (row.lineCount ?? 0)
    const found = [...lines.filter(isProblem), ...problems]
    const after: ImportRow = {
      ...row,
      read,
      made: row.made + keys.length,
      ...(isDone && { state: 'done', endedAtMs: nowMs }),
    }
    this.#audit(tx, row, 'keys.import', {
      state: after.state,
      read,
      problems: found.length,
      // The audit log must say who made which key.
      keys: keys.map((key) => key.id),
    })
    return withProblems(after, found)
  }

  #audit(tx: Writer, { organization, id, createdBy }: ImportRow, action: AuditAction, after: object): void {
    const atMs = this.#deps.nowMs()
    tx.audit({ organization, atMs, actor: createdBy, action, target: `import/${id}`, before: null, after })
  }
}

const NOT_PERMITTED: ImportProblem = {
  line: 0,
  message:
    'The import has ended, because the key or person that started it may no longer create keys. Start one for the other lines as another key or person.',
}

const FAILED: ImportProblem = {
  line: 0,
  message:
    'The import has ended, because the server failed to go on with it many times in a row. The keys that it has made stay. Ask the operator for the reason, which is in the log, and then send the file again.',
}

function byText(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

function isValid(line: ImportLine): line is ImportedLine {
  return 'digest' in line
}

function isProblem(line: ImportLine): line is ImportProblem {
  return !isValid(line)
}

/** Keeps the first problems of the file, of those that were found so far. */
function withProblems(row: ImportRow, found: readonly ImportProblem[]): ImportRow {
  const problems = [...row.problems, ...found]
    .toSorted((one, other) => one.line - other.line)
    .slice(0, PROBLEMS_KEPT_MAX)
  return { ...row, problems, problemCount: row.problemCount + found.length }
}
