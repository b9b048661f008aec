import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { programOnPath } from '../test/services/programs.ts'

/** The cores of a run: one for the measured process, another for everything else. */
export interface Cores {
  /** The core of the measured process; undefined if processes cannot be pinned to cores. */
  readonly server: number | undefined
  /** Whether the load generator and upstreams have another core for themselves. */
  readonly hasSeparateLoadCore: boolean
  /** The core of this process, and all that it may use; undefined if processes cannot be pinned. */
  readonly load: number | undefined
  readonly all: readonly number[]
  /** A sentence about a deviation from the intended setup, for readers of the results. */
  readonly caveat: string | undefined
}

/** Chooses two of the cores that this process may use, and pins this process to the second. */
export function reserveCores(): Cores {
  const taskset = programOnPath('taskset')
  if (process.platform !== 'linux' || taskset === undefined) {
    const caveat = 'Processes are not pinned to cores: this machine has no taskset (util-linux).'
    return {
      server: undefined,
      load: undefined,
      all: [],
      hasSeparateLoadCore: availableParallelism() > 1,
      caveat,
    }
  }
  const all = allowedCores()
  const [server = 0, load = server] = all
  pinThisProcess([load])
  const caveat =
    server === load ? 'The server and the load generator share the only available core.' : undefined
  return { server, load, all, hasSeparateLoadCore: server !== load, caveat }
}

/** Lets this process, and those that it starts, use all cores until the disposal. */
export function useAllCores({ load, all }: Cores): Disposable {
  if (load === undefined) return { [Symbol.dispose]: () => undefined }
  pinThisProcess(all)
  return { [Symbol.dispose]: () => pinThisProcess([load]) }
}

function pinThisProcess(cores: readonly number[]): void {
  const taskset = programOnPath('taskset')
  if (taskset === undefined) throw new Error('taskset is gone')
  execFileSync(taskset, ['-a', '-c', '-p', cores.join(','), String(process.pid)], { stdio: 'ignore' })
}

/** The command that starts `command` pinned to a core. taskset executes it in place, so pipes and signals reach it. */
export function pinnedCommand(
  core: number | undefined,
  command: string,
  args: readonly string[],
): readonly [command: string, args: readonly string[]] {
  return core === undefined ? [command, args] : ['taskset', ['-c', String(core), command, ...args]]
}

/** The numbers of the cores that this process may use; Linux lists them in a form such as 0-3,8. */
function allowedCores(): readonly number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  if (list === undefined) return Array.from({ length: availableParallelism() }, (_, core) => core)
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, offset) => first + offset)
  })
}
