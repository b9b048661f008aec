import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Place } from '../../packages/scan/src/finds/place.ts'

const MAIN = join(import.meta.dirname, '../../packages/scan/src/main.ts')

/** How a scan ended and what it printed. */
export interface ScanResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The part of the JSON report that tests read. */
export interface JsonReport {
  readonly finds: readonly {
    readonly keyId: string
    readonly type: string
    readonly hint: string
    readonly liveness?: string
    readonly places: readonly Place[]
  }[]
  readonly files: number
  readonly objects: number
}

/** Runs `npm run scan` in a folder, without npm. */
export async function scan(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ScanResult> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ])
  return { status, stdout, stderr }
}

export function jsonOf({ stdout }: ScanResult): JsonReport {
  return JSON.parse(stdout) as JsonReport
}

/** A place in one line: its kind, where it is, and for a commit the author date and the number of other commits. */
export function placeSummary(place: Place): string {
  const point = 'line' in place ? `:${place.line}:${place.column}` : ''
  switch (place.kind) {
    case 'commit':
      return `commit ${place.authoredAt} ${place.line}`
    case 'tag':
      return `tag ${place.line}`
    case 'blob':
    case 'tree':
      return `${place.kind} ${place.line}:${place.column}`
    case 'committed file':
    case 'committed file name':
      return `${place.kind} ${place.path}${point} ${place.authoredAt} +${place.otherCommits}`
    default:
      return `${place.kind} ${place.path}${point}`
  }
}

/** Reads a text file. */
export function textOf(...path: readonly string[]): string {
  return readFileSync(join(...path), 'utf8')
}
