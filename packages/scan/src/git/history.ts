import type { Git } from './git-process.ts'

/** A commit that put a version of a file at a path. */
export interface Introduction {
  /** The id of the version's blob. */
  readonly blob: string
  readonly path: Buffer
  readonly commit: string
  /** Seconds since 1970. */
  readonly committedAtSeconds: number
  /** RFC 3339. */
  readonly authoredAt: string
}

/** For a merge, `-c` lists the files that differ from those of every parent. No other commit lists these. */
const DIFFERENCES = [
  'diff-tree',
  '--stdin',
  '-r',
  '-c',
  '--root',
  '--raw',
  '-z',
  '--no-renames',
  '--no-abbrev',
]

const COLON = 58
const LINE_FEED = 10

/**
 * Reads which commit put which version of which file where, over all commits of a repository, also those that nothing leads
 * to. It compares folders only, and reads no file.
 *
 * @throws GitFailure if git cannot read an object
 */
export async function* introductions(git: Git): AsyncGenerator<Introduction> {
  const parts = git.parts([...DIFFERENCES, '--format=%H %ct %aI'], 0, async (input) => {
    for await (const commit of commits(git)) {
      if (!input.write(`${commit}\n`)) await new Promise((resolve) => input.once('drain', resolve))
    }
    input.end()
  })
  let [commit, seconds, authoredAt]: readonly string[] = []
  let blob: string | undefined
  for await (const part of parts) {
    if (blob !== undefined) {
      yield {
        blob,
        path: Buffer.from(part),
        commit: commit ?? '',
        committedAtSeconds: Number(seconds),
        authoredAt: authoredAt ?? '',
      }
      blob = undefined
      continue
    }
    // git puts a line feed or an empty part between a commit and its files.
    const text = part[0] === LINE_FEED ? part.subarray(1) : part
    if (text.length === 0) continue
    if (text[0] === COLON) blob = resultOf(text.toString('latin1'))
    else [commit, seconds, authoredAt] = text.toString('latin1').split(' ')
  }
}

/** The blob after the change: `:mode mode blob BLOB status`, with one mode and one blob more for each further parent. */
function resultOf(difference: string): string {
  return difference.split(' ').at(-2) ?? ''
}

async function* commits(git: Git): AsyncGenerator<string> {
  const all = ['cat-file', '--batch-all-objects', '--unordered', '--batch-check=%(objecttype) %(objectname)']
  for await (const line of git.parts(all, LINE_FEED)) {
    const text = line.toString('latin1')
    if (text.startsWith('commit ')) yield text.slice('commit '.length)
  }
}

/** The author dates of commits, RFC 3339. */
export async function authorDates(git: Git, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  // Not `git log`, which runs programs that settings of the repository name, to verify signatures.
  const list = ['rev-list', '--no-walk=unsorted', '--stdin', '--format=%H %aI']
  const dates = new Map<string, string>()
  const lines = git.parts(list, LINE_FEED, async (input) => {
    input.end(ids.map((id) => `${id}\n`).join(''))
  })
  for await (const line of lines) {
    // Before each, git prints a line "commit" and the id.
    const [id = '', date = ''] = line.toString('latin1').split(' ')
    dates.set(id, date)
  }
  return dates
}
