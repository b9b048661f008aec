import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { freePort } from '../../test/services/free-port.ts'
import type { FoundProgram } from '../../test/services/debian-program.ts'
import { nginxProgram } from '../../test/services/nginx.ts'
import { pinnedCommand } from '../cores.ts'
import { DependencyUnavailable } from '../results.ts'
import type { Settings } from '../settings.ts'
import { syntheticKey } from '../synthetic/keys.ts'
import { killAndWait, type RunningServer } from '../target-process.ts'

/** nginx reads all keys and builds its hash table before it listens. */
const READY_MS_MAX = 60_000
const READY_POLL_MS = 50

/** Linux counts the CPU time of processes in hundredths of a second (`USER_HZ`, proc(5)). */
const TICK_MICROS = 10_000

/**
 * Starts nginx with a `map` of the given number of keys: 200 for a known key, 401 for any other.
 *
 * @throws DependencyUnavailable if nginx is not available or cannot load that many keys
 */
export async function startNginx(keys: number, { cores, scratch }: Settings): Promise<RunningServer> {
  if (process.platform !== 'linux')
    throw new DependencyUnavailable('The CPU time of nginx is read from Linux /proc.')
  const program = await availableProgram()
  const folder = join(scratch, `nginx-${keys}`)
  await mkdir(folder, { recursive: true })
  // If nginx is started as root, it opens its files as another user.
  await Promise.all([chmod(scratch, 0o755), chmod(folder, 0o755)])
  const port = await freePort()
  await writeFile(join(folder, 'keys.map'), keyMap(keys))
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, port, keys))
  const [command, args] = pinnedCommand(cores.server, program.path, [
    '-p',
    folder,
    '-e',
    join(folder, 'error.log'),
    '-c',
    join(folder, 'nginx.conf'),
  ])
  const child = spawn(command, args, { stdio: 'ignore', env: { ...process.env, ...program.env } })
  const kill = (): void => void child.kill('SIGKILL')
  // Unlike the other targets, nginx does not exit when the benchmark disconnects.
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  try {
    await waitUntilListening(child, port, join(folder, 'error.log'), keys)
  } catch (cause) {
    await killAndWait(child)
    throw cause
  }
  const { pid } = child
  if (pid === undefined) throw new Error('nginx did not start')
  return { port, cpuMicros: () => cpuMicros(pid), [Symbol.asyncDispose]: () => killAndWait(child) }
}

async function availableProgram(): Promise<FoundProgram> {
  try {
    return await nginxProgram()
  } catch (cause) {
    throw new DependencyUnavailable(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function keyMap(keys: number): string {
  return Array.from({ length: keys }, (_, number) => `${syntheticKey(number).token} 1;\n`).join('')
}

function configuration(folder: string, port: number, keys: number): string {
  // A single process, so that its CPU time can be attributed; a master process would split it.
  return `
daemon off;
master_process off;
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 60s;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  map_hash_max_size ${Math.max(2048, keys * 4)};
  map_hash_bucket_size 512;
  map $http_x_api_key $known {
    default 0;
    include ${folder}/keys.map;
  }
  server {
    listen 127.0.0.1:${port};
    default_type text/plain;
    location / {
      if ($known = 0) { return 401 "no"; }
      return 200 "ok";
    }
  }
}
`
}

async function waitUntilListening(
  child: ChildProcess,
  port: number,
  log: string,
  keys: number,
): Promise<void> {
  const untilMs = performance.now() + READY_MS_MAX
  while (!(await accepts(port))) {
    if (child.exitCode !== null || child.signalCode !== null) {
      const errors = await readFile(log, 'utf8').catch(() => '')
      throw new DependencyUnavailable(`nginx does not start with ${keys} keys. ${errors.trim().slice(-1000)}`)
    }
    if (performance.now() > untilMs) {
      throw new DependencyUnavailable(`nginx did not load ${keys} keys within ${READY_MS_MAX / 1000} s.`)
    }
    await setTimeout(READY_POLL_MS)
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** User and system time of a process, in µs: fields 14 and 15 of proc(5), counted from the end of the name. */
async function cpuMicros(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS
}
