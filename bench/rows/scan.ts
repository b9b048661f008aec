import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { programOnPath } from '../../test/services/programs.ts'
import { figuresOf } from '../figures.ts'
import { DependencyUnavailable, type Result } from '../results.ts'
import { makeScannedRepository, SCANNED_FILES } from '../synthetic/scanned-repository.ts'
import type { Row } from './row.ts'

const MAIN = join(import.meta.dirname, '../../packages/scan/src/main.ts')

/** The most time of a scan, in percent of git grep's. */
const PERCENT_TARGET = 300

/** The scan of a repository, compared with `git grep` over the same files and commits. Both may use all cores. */
export function scanRow(commits: number): Row {
  const name = `scan/git grep, ${commits} ${commits === 1 ? 'commit' : 'commits'}`
  return {
    name,
    onAllCores: true,
    async measure({ pace, scratch }): Promise<Result[]> {
      if (programOnPath('git') === undefined) throw new DependencyUnavailable('git is not installed')
      const folder = join(scratch, `scanned-${commits}`)
      await makeScannedRepository(folder, commits)
      const revisions = execFileSync('git', ['rev-list', '--all'], { cwd: folder, encoding: 'utf8' })
      const grep = ['git', 'grep', '-c', 'sp_sk_']
      const grepAll = [...grep, ...revisions.trim().split('\n')]
      const scan = [process.execPath, MAIN, '.']
      const rounds = Array.from({ length: pace.rounds + 1 }, () => ({
        grepMs: elapsedMs(folder, grep, 1) + elapsedMs(folder, grepAll, 1),
        scanMs: elapsedMs(folder, scan, 0),
      })).slice(1)
      const figure = figuresOf(name)
      return [
        figure(
          'scan',
          'ms',
          rounds.map(({ scanMs }) => scanMs),
        ),
        figure(
          'git grep',
          'ms',
          rounds.map(({ grepMs }) => grepMs),
        ),
        figure(
          'scan in % of git grep',
          '%',
          rounds.map(({ scanMs, grepMs }) => (100 * scanMs) / grepMs),
          PERCENT_TARGET,
          `${SCANNED_FILES.toLocaleString('en')} files, in the page cache; git grep searches the working tree, then all commits`,
        ),
      ]
    },
  }
}

/** Runs a program to its end. */
function elapsedMs(folder: string, command: readonly string[], expectedStatus: number): number {
  const [program = '', ...args] = command
  const startMs = performance.now()
  let status = 0
  try {
    execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  } catch (error) {
    status = (error as { status?: number }).status ?? -1
  }
  const elapsed = performance.now() - startMs
  if (status !== expectedStatus) throw new Error(`${command.slice(0, 4).join(' ')} ended with ${status}.`)
  return elapsed
}
