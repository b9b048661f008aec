import type { ImportLine, ImportRow } from '../../port/keys/imports.ts'
import { change } from './audit-events.ts'
import { keyId } from './keys.ts'
import { createdColumns, createdList, type Example, FIRST_MS, type Seed } from './example.ts'

export function keyImport(organization: string, id: string, more: Partial<ImportRow> = {}): ImportRow {
  return {
    organization,
    id,
    state: 'running',
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    confirmedAtMs: null,
    credentialEndsAtMs: null,
    lineCount: 3,
    read: 0,
    made: 0,
    problemCount: 0,
    problems: [],
    endedAtMs: null,
    ...more,
  }
}

/** A valid line of a file. */
export function importedLine(line: number): ImportLine {
  return {
    line,
    id: keyId(`imported${line}`),
    digest: line.toString(16).padStart(64, '0'),
    hint: 'imported',
    name: `key ${line}`,
    type: 'secret',
    environment: 'test',
    consumer: null,
    roles: [],
    active: true,
    expiresAtMs: null,
    labels: { team: 'orders' },
  }
}

const row = (seed: Seed): ImportRow => keyImport(seed.owner, seed.id, { createdAtMs: seed.createdAtMs })

export const importsExample: Example<ImportRow> = {
  isTenant: true,
  feedKind: null,
  row,
  insert: (store, seed) =>
    change(store, seed.owner, async (tx) => {
      await tx.imports.insert(row(seed))
      await tx.imports.addChunks(seed.owner, seed.id, [{ bucket: 0, number: 0, lines: [importedLine(2)] }])
    }),
  get: (read, seed) => read.imports.get(seed.owner, seed.id),
  queries: (read, seed) => [read.imports.countUnderWay(seed.owner)],
  lists: { imports: createdList((read, { owner }, page) => read.imports.list(owner, page)) },
  update: (store, seed) =>
    change(store, seed.owner, (tx) =>
      tx.imports.update({ ...row(seed), state: 'done', endedAtMs: FIRST_MS }),
    ),
  rowUpdate: {
    apply: (tx, updated) => tx.imports.update(updated),
    changes: {
      state: 'stopped',
      lineCount: 4,
      read: 2,
      made: 1,
      problemCount: 1,
      problems: [{ line: 2, message: 'The name is missing.' }],
      endedAtMs: FIRST_MS + 9,
    },
  },
  remove: (store, seed) => change(store, seed.owner, (tx) => tx.imports.remove(seed.owner, seed.id)),
  since: 24,
  stored(seed) {
    const one = row(seed)
    return [
      [
        'imports',
        {
          organization: one.organization,
          id: one.id,
          state: one.state,
          ...createdColumns(one),
          line_count: one.lineCount,
          read_lines: 0,
          made: 0,
          problem_count: 0,
          problems_json: '[]',
        },
      ],
    ]
  },
}
