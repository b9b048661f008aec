import { readFile } from 'node:fs/promises'

/** The environment variable with the path of the file that a test run keeps up to date. */
export const PROGRESS_FILE_VARIABLE = 'VITEST_PROGRESS_FILE'

/** How often a suite that runs is reported, in ms: services for continuous integration end jobs without output. */
const PROGRESS_MS = 25_000

/** How far a test run is. */
export interface Progress {
  /** Test files of the run, those that are over, and those of them that failed. */
  readonly files: number
  readonly done: number
  readonly failed: number
  /** The paths of those that run. */
  readonly running: readonly string[]
}

/**
 * The line about a suite that runs.
 *
 * @param progress undefined for a suite that has no files, or has not begun with them
 */
export function progressLine(suite: string, progress: Progress | undefined, elapsedMs: number): string {
  const elapsed = `${Math.round(elapsedMs / 1000)} s`
  const start = `...   ${suite.padEnd(36)}`
  if (progress === undefined) return `${start} running for ${elapsed}`
  const { files, done, failed, running } = progress
  const failures = failed === 0 ? '' : `, ${failed} failed`
  const names = running.length === 0 ? '' : `  now ${running.join(', ')}`
  return `${start} ${done} of ${files} files done${failures}  ${elapsed}${names}`
}

/** Where the lines about a suite come from and go to. */
export interface ProgressOptions {
  readonly print: (line: string) => void
  /** The file of `PROGRESS_FILE_VARIABLE`, if the suite has one. */
  readonly file?: string | undefined
  readonly everyMs?: number
}

/** Prints a line about a suite every 25 s, until it is disposed of. */
export function watchProgress(
  suite: string,
  { print, file, everyMs = PROGRESS_MS }: ProgressOptions,
): Disposable {
  const startMs = performance.now()
  let isOver = false
  const tell = async (): Promise<void> => {
    const progress = await readProgress(file)
    if (!isOver) print(progressLine(suite, progress, performance.now() - startMs))
  }
  const timer = setInterval(() => void tell(), everyMs)
  return {
    [Symbol.dispose]() {
      isOver = true
      clearInterval(timer)
    },
  }
}

async function readProgress(file: string | undefined): Promise<Progress | undefined> {
  if (file === undefined) return undefined
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Progress
  } catch {
    // The run has not begun with its files.
    return undefined
  }
}
