import { readFile, readdir } from 'node:fs/promises'

/** The kernel counts CPU time in hundredths of a second, on every architecture that Node.js runs on (`getconf CLK_TCK`). */
const MICROS_PER_TICK = 10_000

/** Fields of `/proc/PID/stat` after the name in parentheses; see proc_pid_stat(5). */
const PARENT = 1
const OWN_TIMES = [11, 12] as const
const TIMES_OF_ENDED_CHILDREN = [13, 14] as const

async function statOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8')
  return text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
}

function microsIn(stat: readonly number[], fields: readonly number[]): number {
  return fields.reduce((sum, field) => sum + (stat[field] ?? 0), 0) * MICROS_PER_TICK
}

/** User and system time of all threads of a process since its start, in µs. Linux only. */
export async function cpuMicrosOf(pid: number): Promise<number> {
  return microsIn(await statOf(pid), OWN_TIMES)
}

/** The same of a process and its children, with those that have ended. */
export async function cpuMicrosOfTree(pid: number): Promise<number> {
  let micros = microsIn(await statOf(pid), [...OWN_TIMES, ...TIMES_OF_ENDED_CHILDREN])
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = await statOf(Number(name))
      if (stat[PARENT] === pid) micros += microsIn(stat, OWN_TIMES)
    } catch {
      // A process of another program has ended since the folder was read.
    }
  }
  return micros
}
