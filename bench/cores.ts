import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { programOnPath } from '../test/services/programs.ts'

/** Where the processes of a run stand: the one that is measured on a core of its own, everything else on another. */
export interface Cores {
  /** The core of whatever is measured; undefined where processes cannot be bound to cores. */
  readonly server: number | undefined
  /** The core of the load generator and of upstreams. */
  readonly load: number | undefined
  /** What a reader of the figures must know, when it is not as it should be. */
  readonly caveat: string | undefined
}

/** Finds two cores that this process may use, and binds itself to the second. */
export function takeCores(): Cores {
  const taskset = programOnPath('taskset')
  if (process.platform !== 'linux' || taskset === undefined) {
    const caveat = 'Nothing is bound to a core: this machine has no taskset (util-linux).'
    return { server: undefined, load: undefined, caveat }
  }
  const [server = 0, load = server] = allowedCores()
  execFileSync(taskset, ['-a', '-c', '-p', String(load), String(process.pid)], { stdio: 'ignore' })
  const caveat = server === load ? 'Server and load generator share the one core that there is.' : undefined
  return { server, load, caveat }
}

/** The command that starts `command` bound to a core. It becomes that process, so pipes and signals reach it. */
export function boundTo(
  core: number | undefined,
  command: string,
  args: readonly string[],
): readonly [command: string, args: readonly string[]] {
  return core === undefined ? [command, args] : ['taskset', ['-c', String(core), command, ...args]]
}

/** The numbers of the cores on which this process may run, such as 0-3,8 written out. */
function allowedCores(): readonly number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  if (list === undefined) return Array.from({ length: availableParallelism() }, (_, core) => core)
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, offset) => first + offset)
  })
}
