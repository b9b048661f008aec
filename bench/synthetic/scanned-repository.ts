import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'

/** How many files the repository has. With about 4 KB each, they are as many and as large as those of a large project. */
export const SCANNED_FILES = 10_000

/** How many files each further commit changes. */
const CHANGED_FILES = 200

const FIRST_SECONDS = Date.UTC(2026, 0, 1) / 1000
const DAY_SECONDS = 24 * 60 * 60

/** Makes a packed repository with a working tree, without tokens. */
export async function makeScannedRepository(folder: string, commits: number): Promise<void> {
  mkdirSync(folder)
  const git = (...args: readonly string[]): Buffer => execFileSync('git', args, { cwd: folder })
  git('init', '--quiet', '--initial-branch=main')
  const child = spawn('git', ['fast-import', '--quiet'], {
    cwd: folder,
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  const ended = once(child, 'exit')
  for (let commit = 0; commit < commits; commit += 1) {
    const seconds = FIRST_SECONDS + commit * DAY_SECONDS
    child.stdin.write(`commit refs/heads/main\ncommitter A <a@example.com> ${seconds} +0000\ndata 1\nx\n`)
    const count = commit === 0 ? SCANNED_FILES : CHANGED_FILES
    for (let index = 0; index < count; index += 1) {
      // A different part of the files each time, spread over all folders.
      const file = (index + commit * CHANGED_FILES) % SCANNED_FILES
      const text = sourceText(file, commit)
      const path = `src/d${file % 100}/e${file % 7}/f${file}.ts`
      child.stdin.write(`M 100644 inline ${path}\ndata ${text.length}\n${text}\n`)
    }
  }
  child.stdin.end()
  await ended
  git('gc', '--quiet')
  git('checkout', '--quiet', '--force', 'main')
}

/** A text like that of a program: lines of words, 1 to 8 KB. */
function sourceText(file: number, version: number): string {
  const lines = Array.from(
    { length: 20 + ((file * 7919) % 140) },
    (_, line) =>
      `  const value_${file}_${line} = await compute_part(${(file * 31 + line * 17 + version) % 9973}, options)\n`,
  )
  return lines.join('')
}
