import { execFileSync } from 'node:child_process'

/** Git without the settings of this machine, and with an author of its own. */
const ENVIRONMENT = {
  PATH: process.env['PATH'],
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
}

/** When the first commit was made, in seconds since 1970. Each further one is a day later. */
const FIRST_SECONDS = Date.UTC(2026, 0, 1) / 1000
const DAY_SECONDS = 24 * 60 * 60

/** The author date of the day-th commit, as git writes it. */
export function dayDate(day: number): string {
  return new Date((FIRST_SECONDS + day * DAY_SECONDS) * 1000).toISOString().replace('.000Z', '+00:00')
}

/** Runs git in a folder and returns its output. */
export function git(folder: string, day: number, args: readonly string[], input?: Buffer | string): string {
  const date = `${FIRST_SECONDS + day * DAY_SECONDS} +0000`
  return execFileSync('git', args, {
    cwd: folder,
    env: { ...ENVIRONMENT, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    input: input ?? '',
    stdio: 'pipe',
    maxBuffer: 64 * 1024 * 1024,
  }).toString()
}

/** A commit for `git fast-import`. */
export interface ImportedCommit {
  readonly branch: string
  readonly day: number
  readonly message: string
  /** The branches or commits that it follows: none for a first commit, the branch itself by default. */
  readonly parents?: readonly string[]
  readonly files?: ReadonlyMap<string, Buffer | string>
  readonly removed?: readonly string[]
}

/** Imports commits at once, in their order: thousands of files take a tenth of a second. */
export function importCommits(folder: string, commits: readonly ImportedCommit[]): void {
  const stream = commits.flatMap((commit) => [
    `commit refs/heads/${commit.branch}\n`,
    `author Ada <ada@example.com> ${FIRST_SECONDS + commit.day * DAY_SECONDS} +0000\n`,
    `committer Ada <ada@example.com> ${FIRST_SECONDS + commit.day * DAY_SECONDS} +0000\n`,
    ...data(commit.message),
    ...(commit.parents ?? []).map(
      (parent, index) => `${index === 0 ? 'from' : 'merge'} refs/heads/${parent}\n`,
    ),
    ...(commit.removed ?? []).map((path) => `D ${path}\n`),
    ...[...(commit.files ?? [])].flatMap(([path, content]) => [
      `M 100644 inline ${path}\n`,
      ...data(content),
    ]),
    '\n',
  ])
  git(folder, 0, ['fast-import', '--quiet', '--done'], Buffer.concat([...stream, 'done\n'].map(toBuffer)))
}

function data(content: Buffer | string): (Buffer | string)[] {
  return [`data ${toBuffer(content).length}\n`, content, '\n']
}

function toBuffer(content: Buffer | string): Buffer {
  return typeof content === 'string' ? Buffer.from(content) : content
}
