import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type NginxProgram, nginxProgram } from '../../test/services/nginx.ts'
import { boundTo } from '../cores.ts'
import { PartAbsent } from '../results.ts'
import type { Settings } from '../settings.ts'
import { syntheticKey } from '../synthetic/keys.ts'
import type { RunningServer } from '../target-process.ts'

/** It reads all keys and builds its table before it listens. */
const READY_MS_MAX = 60_000
const READY_POLL_MS = 50

/** Linux counts the CPU time of processes in hundredths of a second (`USER_HZ`, proc(5)). */
const TICK_MICROS = 10_000

/**
 * Starts nginx with a `map` of that many keys: 200 for a known one, 401 for any other.
 *
 * @throws PartAbsent when there is no nginx, or it does not take so many keys
 */
export async function startNginx(keys: number, { cores, scratch }: Settings): Promise<RunningServer> {
  if (process.platform !== 'linux') throw new PartAbsent('The CPU time of nginx is read from Linux /proc.')
  const program = await find()
  const folder = join(scratch, `nginx-${keys}`)
  await mkdir(folder, { recursive: true })
  // Started as root, nginx opens its files as another user.
  await Promise.all([chmod(scratch, 0o755), chmod(folder, 0o755)])
  const port = await freePort()
  await writeFile(join(folder, 'keys.map'), keyMap(keys))
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, port, keys))
  const [command, args] = boundTo(cores.server, program.path, [
    '-p',
    folder,
    '-e',
    join(folder, 'error.log'),
    '-c',
    join(folder, 'nginx.conf'),
  ])
  const child = spawn(command, args, { stdio: 'ignore', env: { ...process.env, ...program.env } })
  const kill = (): void => void child.kill('SIGKILL')
  // Unlike our own targets it would not notice that the run is gone.
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  try {
    await listening(child, port, join(folder, 'error.log'), keys)
  } catch (cause) {
    await end(child)
    throw cause
  }
  const { pid } = child
  if (pid === undefined) throw new Error('nginx has no process')
  return { port, cpuMicros: () => cpuMicros(pid), [Symbol.asyncDispose]: () => end(child) }
}

async function find(): Promise<NginxProgram> {
  try {
    return await nginxProgram()
  } catch (cause) {
    throw new PartAbsent(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function keyMap(keys: number): string {
  return Array.from({ length: keys }, (_, number) => `${syntheticKey(number).token} 1;\n`).join('')
}

function configuration(folder: string, port: number, keys: number): string {
  // One process does all: a master beside one worker would only make it harder to see what CPU time is whose.
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

/** A port that was free a moment ago: nginx cannot choose one by itself. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function listening(child: ChildProcess, port: number, log: string, keys: number): Promise<void> {
  const untilMs = performance.now() + READY_MS_MAX
  while (!(await accepts(port))) {
    if (child.exitCode !== null || child.signalCode !== null) {
      const said = await readFile(log, 'utf8').catch(() => '')
      throw new PartAbsent(`nginx does not start with ${keys} keys. ${said.trim().slice(-1000)}`)
    }
    if (performance.now() > untilMs) {
      throw new PartAbsent(`nginx had not read ${keys} keys after ${READY_MS_MAX / 1000} s.`)
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

/** User and system time of a process by proc(5): the 14th and 15th field, counted from behind the name. */
async function cpuMicros(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
