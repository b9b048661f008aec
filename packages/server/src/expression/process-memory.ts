import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'

/** The page size on Linux, except on some 64-bit Arm systems, where the result is too small. */
const PAGE_BYTES = 4096

/** The score that makes the kernel kill a process before all others. */
const OUT_OF_MEMORY_SCORE_MAX = '1000'

/** The resident memory of a process, in bytes; undefined on systems without `/proc`, or if the process is gone. */
export function residentBytes(pid: number): number | undefined {
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]
    return Number(pages) * PAGE_BYTES
  } catch {
    return undefined
  }
}

/** Makes Linux kill this process before the server if the machine runs out of memory. */
export function preferForOomKill(pid: number): void {
  // On failure the kernel chooses by size, which usually gives the same result.
  writeFile(`/proc/${pid}/oom_score_adj`, OUT_OF_MEMORY_SCORE_MAX).catch(() => undefined)
}
