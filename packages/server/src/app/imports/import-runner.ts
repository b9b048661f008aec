import type {
  ImportedLine,
  ImportLine,
  ImportProblem,
  ImportRow,
  RunningImport,
} from '../../store/port/keys/imports.ts'
import type { Store, Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { bucketsOfTurn } from './buckets.ts'
import { turnFacts } from './turn-facts.ts'
import { checkLines } from './check-lines.ts'
import { importActor } from './import-actor.ts'
import { PROBLEMS_KEPT_MAX } from './import-bounds.ts'

/** The running imports that take turns. The others wait until one of them ends. */
const RUNNING_MAX = 100

export interface ImportRunnerDeps {
  readonly store: Pick<Store, 'write' | 'runningImports'>
  readonly nowMs: () => number
  readonly quotaLimits: OperationContext['quotaLimits']
  readonly onFault: (cause: unknown) => void
}

/**
 * Makes the keys of running imports, of about `TURN_LINES` lines in a transaction. It also removes these lines, so that
 * each line is worked off exactly once, whenever the process ends and however many processes do this.
 */
export class ImportRunner {
  readonly #deps: ImportRunnerDeps
  #isEnding = false

  constructor(deps: ImportRunnerDeps) {
    this.#deps = deps
  }

  /** Works off all running imports, which take turns; resolves when none is left, or after `end`. */
  async tick(): Promise<void> {
    const { store, onFault } = this.#deps
    for (let isLeft = true; isLeft;) {
      isLeft = false
      for (const running of await store.runningImports(RUNNING_MAX)) {
        if (this.#isEnding) return
        try {
          if (await this.#runTurn(running)) isLeft = true
        } catch (cause) {
          onFault(cause)
        }
      }
    }
  }

  /** Lets `tick` end after its present chunk. */
  end(): void {
    this.#isEnding = true
  }

  /** @returns whether the import goes on */
  async #runTurn({ organization, id, createdBy }: RunningImport): Promise<boolean> {
    const { value } = await this.#deps.store.write(
      async (tx) => {
        const row = await tx.imports.get(organization, id)
        if (row?.state !== 'running') return false
        const after = await this.#afterTurn(tx, row)
        await tx.imports.update(after)
        if (after.state !== 'running') await tx.imports.removeChunks(organization, id)
        return after.state === 'running'
      },
      { organization, actor: createdBy },
    )
    return value
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
    const chunks = await tx.imports.firstChunks(organization, id, bucketsOfTurn(row.lineCount ?? 1))
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
    if (last !== undefined) await tx.imports.removeChunks(organization, id, last.bucket)
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

  #audit(tx: Writer, { organization, id, createdBy }: ImportRow, action: string, after: object): void {
    const atMs = this.#deps.nowMs()
    tx.audit({ organization, atMs, actor: createdBy, action, target: `import/${id}`, before: null, after })
  }
}

const NOT_PERMITTED: ImportProblem = {
  line: 0,
  message:
    'The import has ended, because the key or person that started it may no longer create keys. Start one for the other lines as another key or person.',
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
