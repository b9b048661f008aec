import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'

/** The page of every Linux that Node.js is built for, but some on 64-bit Arm; there a process seems smaller. */
const PAGE_BYTES = 4096

/** What makes the kernel end a process before all others. */
const OUT_OF_MEMORY_SCORE_MAX = '1000'

/** The memory that a process has in use, in bytes; undefined where the system does not say it in a file. */
export function residentBytes(pid: number): number | undefined {
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]
    return Number(pages) * PAGE_BYTES
  } catch {
    return undefined
  }
}

/** Has the kernel end this process, and not the server, where the machine has no memory left. Only Linux is asked. */
export function endFirstWithoutMemory(pid: number): void {
  // Where that cannot be had, the kernel chooses by size, which mostly comes to the same.
  writeFile(`/proc/${pid}/oom_score_adj`, OUT_OF_MEMORY_SCORE_MAX).catch(() => undefined)
}
