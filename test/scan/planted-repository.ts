import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { tokenHint } from '@sallyport/core'
import { miscopied, sampleToken } from '../../packages/scan/src/testing/sample-tokens.ts'
import { dayDate, git, type ImportedCommit, importCommits } from './git-repository.ts'

/** How many files the first commit has besides those with tokens. */
const FILES = 10_000

/** One file in so many has a text that looks like a token. */
const FILES_PER_DECOY = 20

const MEBIBYTE = 1024 * 1024

/** A token in the repository, and where a scan must find it, in the form of `placeSummary`. */
export interface PlantedToken {
  readonly token: string
  readonly places: readonly string[]
}

/** Makes tokens and keeps where they are. */
class Planting {
  readonly tokens: PlantedToken[] = []

  next(places: (token: string) => readonly string[]): string {
    const token = sampleToken(this.tokens.length)
    this.tokens.push({ token, places: places(token) })
    return token
  }

  /** Makes `count` files with a token each. */
  files(
    count: number,
    path: (index: number) => string,
    content: (token: string, index: number) => string,
    places: (path: string, point: string) => readonly string[],
  ): Map<string, string> {
    const entries = Array.from({ length: count }, (_, index): [string, string] => {
      const token = this.next((made) => places(path(index), pointOf(content(made, index), made)))
      return [path(index), content(token, index)]
    })
    return new Map(entries)
  }
}

/** The line and column of a token in a text. */
function pointOf(text: string, token: string): string {
  const lines = text.slice(0, text.indexOf(token)).split('\n')
  const chars = Array.from(lines.at(-1) ?? '').filter((char) => char !== '\uFEFF')
  return `${lines.length}:${chars.length + 1}`
}

const inFile = (path: string, point: string): string => `file ${path}:${point}`
const inCommit = (path: string, point: string, day: number, others = 0): string =>
  `committed file ${path}:${point} ${dayDate(day)} +${others}`

/** A text with a token that starts at an offset: lines of 64 bytes with no word. */
function textWithTokenAt(offset: number, token: string, length: number): string {
  const text = `${'-'.repeat(63)}\n`.repeat(length / 64)
  return text.slice(0, offset) + token + text.slice(offset + token.length)
}

/** Contents of files that a scan must read. Some tokens lie across the pieces in which files are read. */
const CONTENTS: readonly ((token: string) => string)[] = [
  (token) => `KEY=${token}\n`,
  (token) => token,
  (token) => `\uFEFFkey: ${token}\r\n`,
  (token) => `one\r\ntwo\r\n\tkey = "${token}"\r\n`,
  (token) => `\0\u0001\u0002${token}\0\u0001`,
  (token) => String.raw`{"text":"first\n${token}\nlast"}`,
  (token) => `${'a;'.repeat(50_000)}${token}`,
  (token) => `é €😀 ${token}`,
  (token) => textWithTokenAt(MEBIBYTE - 30, token, 2 * MEBIBYTE),
  (token) => textWithTokenAt(MEBIBYTE - 61, token, 2 * MEBIBYTE),
  (token) => textWithTokenAt(64 * 1024 - 1, token, MEBIBYTE / 4),
  (token) => textWithTokenAt(2 * MEBIBYTE, token, 3 * MEBIBYTE),
]

/** Texts that look like tokens, of valid ones that are nowhere else. */
const DECOYS: readonly ((token: string) => string)[] = [
  miscopied,
  (token) => `${token.slice(0, 30)}\n${token.slice(30)}`,
  (token) => `${token.slice(0, 55)}\r\n${token.slice(55)}`,
  (token) => token.replace('sp_sk_', 'sp_tk_'),
  (token) => token.replace('sp_sk_', 'sk_live_'),
  (token) => token.replace('sp_sk_', 'sp_pk_'),
  (token) => token.slice(0, -1),
  (token) => token.slice(1),
  (token) => `${token}x`,
  (token) => `id${token}`,
  (token) => `_${token}_`,
  (token) => `${token.slice(0, 22)}-${token.slice(23)}`,
]

function decoy(number: number): string {
  const make = DECOYS[number % DECOYS.length] ?? miscopied
  return make(sampleToken(1_000_000 + number))
}

/** Files as a project has them, with texts that look like tokens. */
function fillers(): Map<string, string> {
  return new Map(
    Array.from({ length: FILES }, (_, index) => {
      const line = `const value${index} = compute(${index}, 'some text of file ${index}')\n`
      const text = index % FILES_PER_DECOY === 0 ? `key = ${decoy(index / FILES_PER_DECOY)}\n` : ''
      return [`src/d${index % 100}/f${index}.ts`, line.repeat(1 + (index % 20)) + text]
    }),
  )
}

/** The commits, all made before the repository is packed. */
function plantCommits(folder: string, planting: Planting): void {
  const current = planting.files(
    40,
    (index) => `current/d${index % 7}/f${index}`,
    (token, index) => (CONTENTS[index % CONTENTS.length] ?? String)(token),
    (path, point) => [inFile(path, point), inCommit(path, point, 0)],
  )
  const removed = planting.files(
    40,
    (index) => `removed/f${index}`,
    (token, index) => `${'\n'.repeat(index)}KEY: ${token}`,
    (path, point) => [inCommit(path, point, 0)],
  )
  const changed = planting.files(
    20,
    (index) => `changed/f${index}`,
    (token) => `KEY=${token}\n`,
    (path, point) => [inCommit(path, point, 0, 1)],
  )
  const branch = planting.files(
    20,
    (index) => `branch/f${index}`,
    (token) => `"${token}"`,
    (path, point) => [inCommit(path, point, 4)],
  )
  const merged = planting.files(
    5,
    (index) => `merged/f${index}`,
    (token) => `- ${token}`,
    (path, point) => [inCommit(path, point, 20)],
  )
  const copied = planting.files(
    5,
    (index) => `copied/a${index}`,
    (token) => `a\n b ${token}`,
    (path, point) =>
      [path, path.replace('/a', '/b')].flatMap((one, index) => [
        inFile(one, point),
        inCommit(one, point, index === 0 ? 0 : 3),
      ]),
  )
  const named = Array.from({ length: 2 }, () =>
    planting.next((token) => [
      `file name named/${tokenHint(token)}.txt`,
      `committed file name named/${tokenHint(token)}.txt ${dayDate(0)} +0`,
    ]),
  )
  const first = new Map<string, Buffer | string>([
    ...fillers(),
    ...current,
    ...removed,
    ...changed,
    ...copied,
    ...named.map((token): [string, string] => [`named/${token}.txt`, '']),
    [`named/${decoy(0)}.txt`, ''],
    ['.gitignore', 'ignored/\n'],
  ])
  const messages = Array.from({ length: 10 }, (_, index): ImportedCommit => {
    const day = 10 + index
    // Five lines of a commit are before its message.
    const token = planting.next(() => [`commit ${dayDate(day)} 8`])
    return { branch: 'main', day, message: `Change\n\nwith ${token}, at last\n${decoy(index)}` }
  })
  const rewritten = [...changed].map(([path, text]): [string, string] => [path, `\n# ${text}`])
  const cleaned = [...changed.keys()].map((path): [string, string] => [path, `KEY=${decoy(2)}\n`])
  const copies = [...copied].map(([path, text]): [string, string] => [path.replace('/a', '/b'), text])
  importCommits(folder, [
    { branch: 'main', day: 0, message: 'first', files: first },
    { branch: 'main', day: 1, message: 'change', files: new Map(rewritten) },
    { branch: 'main', day: 2, message: 'clean', files: new Map(cleaned), removed: [...removed.keys()] },
    { branch: 'main', day: 3, message: 'copy', files: new Map(copies) },
    { branch: 'other', day: 4, message: 'branch', parents: ['main'], files: branch },
    ...messages,
    { branch: 'merged', day: 20, message: 'merge', parents: ['main', 'other'], files: merged },
  ])
}

/** The texts that git keeps besides the commits of branches, made in the packed repository. */
function plantBesides(folder: string, planting: Planting): void {
  for (let index = 0; index < 5; index += 1) {
    const token = planting.next(() => ['tag 6'])
    git(folder, 30, ['tag', '-a', `v${index}`, '-m', `${token} ${decoy(index)}`])
  }
  stash(folder, planting)
  const lost = planting.files(
    10,
    (index) => `lost/f${index}`,
    (token) => ` ${token} `,
    (path, point) => [inCommit(path, point, 32)],
  )
  importCommits(folder, [{ branch: 'lost', day: 32, message: 'lost', parents: ['main'], files: lost }])
  git(folder, 32, ['branch', '-D', 'lost'])
  const reset = planting.files(
    5,
    (index) => `reset/f${index}`,
    (token) => `(${token})`,
    (path, point) => [inCommit(path, point, 33)],
  )
  writeFiles(folder, reset)
  git(folder, 33, ['add', 'reset'])
  git(folder, 33, ['commit', '-qm', 'reset'])
  git(folder, 33, ['reset', '-q', '--hard', 'HEAD~1'])
  for (let index = 0; index < 5; index += 1) {
    const token = planting.next(() => ['blob 2:2'])
    git(folder, 34, ['hash-object', '-w', '--stdin'], `\n ${token}`)
  }
  for (let index = 0; index < 3; index += 1) {
    const commit = git(folder, 35, ['rev-parse', `HEAD~${index}`]).trim()
    const token = planting.next(() => [`committed file ${commit}:1:6 ${dayDate(35 + index)} +0`])
    git(folder, 35 + index, ['notes', 'add', '-m', `note ${token}`, commit])
  }
}

function stash(folder: string, planting: Planting): void {
  const stashed = (path: (index: number) => string): Map<string, string> =>
    planting.files(
      5,
      path,
      (token) => `stashed: ${token}`,
      (at, point) => [inCommit(at, point, 31)],
    )
  writeFiles(
    folder,
    stashed((index) => `src/d${index}/f${index}.ts`),
  )
  writeFiles(
    folder,
    stashed((index) => `stashed/f${index}`),
  )
  git(folder, 31, ['stash', '--quiet', '--include-untracked'])
}

/** Files of the working tree that are in no commit. */
function plantFiles(folder: string, planting: Planting): void {
  const staged = planting.files(
    5,
    (index) => `staged/f${index}`,
    (token) => `staged ${token}`,
    (path, point) => [`staged file ${path}:${point}`],
  )
  writeFiles(folder, staged)
  git(folder, 40, ['add', 'staged'])
  writeFiles(
    folder,
    [...staged.keys()].map((path) => [path, 'later']),
  )
  const untracked = planting.files(
    10,
    (index) => `untracked/d${index}/f`,
    (token, index) => (CONTENTS[index] ?? String)(token),
    (path, point) => [inFile(path, point)],
  )
  writeFiles(folder, untracked)
  for (let index = 0; index < 3; index += 1) {
    const token = planting.next((made) => [`file name untracked/${tokenHint(made)}`])
    writeFiles(folder, [[`untracked/${token}`, decoy(index)]])
  }
  for (let index = 0; index < 2; index += 1) {
    planting.next((made) => {
      const config = join(folder, '.git', 'config')
      appendFileSync(config, `[remote "r${index}"]\n\turl = https://ci:${made}@example.com/r\n`)
      return [inFile('.git/config', pointOf(readFileSync(config, 'utf8'), made))]
    })
  }
}

function writeFiles(folder: string, files: Iterable<readonly [string, string]>): void {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}

/**
 * Makes a repository of 10,000 files with tokens in every place that git has, and with texts that look like tokens. Most
 * of it is packed.
 */
export function plantRepository(folder: string): readonly PlantedToken[] {
  const planting = new Planting()
  git(folder, 0, ['init', '--quiet', '--initial-branch=main'])
  plantCommits(folder, planting)
  git(folder, 0, ['gc', '--quiet'])
  git(folder, 0, ['checkout', '--quiet', '--force', 'main'])
  plantBesides(folder, planting)
  plantFiles(folder, planting)
  return planting.tokens
}
