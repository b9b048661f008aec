import { readFile } from 'node:fs/promises'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'

const PAGE_BYTES = 4096
const SAMPLE_MS = 20

/** The resident memory of a process, in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  if (process.platform === 'linux') {
    const statm = await readFile(`/proc/${pid}/statm`, 'utf8')
    return Number(statm.split(' ')[1]) * PAGE_BYTES
  }
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
  return Number(stdout.trim()) * 1024
}

/** The peak resident memory of a process during `work`, in bytes. */
export async function peakResidentBytes(pid: number, work: () => Promise<void>): Promise<number> {
  let peak = await residentBytes(pid)
  let isDone = false
  const watching = (async () => {
    while (!isDone) {
      peak = Math.max(peak, await residentBytes(pid))
      await pause(SAMPLE_MS)
    }
  })()
  try {
    await work()
  } finally {
    isDone = true
    await watching
  }
  return peak
}
