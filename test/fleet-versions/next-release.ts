import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buildServer, SERVER_FOLDER } from '../../scripts/build/server.ts'

/** A text of a source file, and what a later release has there. */
interface Edit {
  readonly file: string
  readonly from: string
  readonly to: string
}

const CORE = 'packages/core/src'
const SERVER = 'packages/server/src'
const VERSIONS = `${SERVER}/fleet/stream/versions.ts`

/**
 * The release after this one. Its consumers can be suspended: those whose name begins with `suspended` are, and their
 * records say so in a field that this release does not have.
 */
const EDITS: readonly Edit[] = [
  {
    file: `${CORE}/record-versions/record-versions.ts`,
    from: 'RECORDS_VERSION = 1',
    to: 'RECORDS_VERSION = 2',
  },
  {
    file: `${CORE}/record-versions/record-shapes.ts`,
    from: 'import { each, fields, kinds, OPAQUE,',
    to: 'import { since, each, fields, kinds, OPAQUE,',
  },
  {
    file: `${CORE}/record-versions/record-shapes.ts`,
    from: '    plan: OPAQUE,',
    to: '    plan: OPAQUE, suspended: since(2, OPAQUE),',
  },
  {
    file: `${CORE}/snapshot/consumer-rows.ts`,
    from: '(active ? 0 : FLAG_INACTIVE)',
    to: '(active && more.suspended !== true ? 0 : FLAG_INACTIVE)',
  },
  {
    file: `${SERVER}/store/sql/consumers.ts`,
    from: '    active: row.active === 1,\n    pipelines,',
    to: '    active: row.active === 1,\n    ...(row.name.startsWith("suspended") ? { suspended: true } : {}),\n    pipelines,',
  },
  {
    file: VERSIONS,
    from: 'protocol: { lowest: 1, highest: 1 },',
    to: 'protocol: { lowest: 1, highest: 2 },',
  },
]

/** The release after that, which no longer speaks what this release does. */
const LATER_EDITS: readonly Edit[] = [
  {
    file: VERSIONS,
    from: 'protocol: { lowest: 1, highest: 1 },',
    to: 'protocol: { lowest: 2, highest: 3 },',
  },
]

/** A built server of another release. Disposing deletes it. */
export interface OtherRelease extends AsyncDisposable {
  readonly program: string
}

/** Builds the next release. */
export async function buildNextRelease(): Promise<OtherRelease> {
  return await build(EDITS)
}

/** Builds one that is too new for this release. */
export async function buildLaterRelease(): Promise<OtherRelease> {
  return await build(LATER_EDITS)
}

async function build(edits: readonly Edit[]): Promise<OtherRelease> {
  const folder = await mkdtemp(join(SERVER_FOLDER, 'dist-'))
  const made = new Set<Edit>()
  const transform = (code: string, id: string): string | undefined => {
    const own = edits.filter(({ file }) => id.replaceAll('\\', '/').endsWith(`/${file}`))
    let text = code
    for (const edit of own) {
      if (!text.includes(edit.from)) throw new Error(`${edit.file} has no "${edit.from}"`)
      text = text.replace(edit.from, edit.to)
      made.add(edit)
    }
    return own.length === 0 ? undefined : text
  }
  await buildServer(folder, [{ name: 'another-release', transform }])
  const missing = edits.find((edit) => !made.has(edit))
  if (missing !== undefined) throw new Error(`${missing.file} is not part of the server`)
  return {
    program: join(folder, 'main.js'),
    [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true, force: true }),
  }
}
