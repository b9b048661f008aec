import { readFileSync, readlinkSync } from 'node:fs'

/**
 * Names this process so that another one on the same machine can tell whether it has ended: boot, process namespace,
 * process id and start time. Empty where the system does not say, and then only the lease tells.
 */
export function ownProcess(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const startedAt = statusOf(process.pid)?.startedAt
    return startedAt === undefined ? '' : `${boot} ${pidNamespace()} ${process.pid} ${startedAt}`
  } catch {
    return ''
  }
}

/**
 * Whether a named process has certainly ended. A process of another machine or container never counts as ended.
 *
 * @param name from `ownProcess` of that process
 */
export function hasEnded(name: string): boolean {
  const [ownBoot, ownNamespace] = ownProcess().split(' ')
  const [boot, namespace, pidText, startedAt] = name.split(' ')
  const pid = Number(pidText)
  const isSameSystem = boot === ownBoot && namespace === ownNamespace && namespace !== undefined
  if (!isSameSystem || !Number.isSafeInteger(pid) || pid <= 0) return false
  const status = statusOf(pid)
  if (status !== undefined) return status.isDead || status.startedAt !== startedAt
  // A hidden process looks like a missing one in /proc, but not here.
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}

function pidNamespace(): string {
  return readlinkSync('/proc/self/ns/pid')
}

interface ProcessStatus {
  readonly isDead: boolean
  /** In clock ticks since the boot. */
  readonly startedAt: string
}

/** Reads `/proc/PID/stat` (proc_pid_stat(5)); undefined when there is none. */
function statusOf(pid: number): ProcessStatus | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in parentheses, which may contain spaces and parentheses.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [state, startedAt] = [fields[0], fields[19]]
    if (state === undefined || startedAt === undefined) return undefined
    return { isDead: state === 'Z' || state === 'X', startedAt }
  } catch {
    return undefined
  }
}
