import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { caddyProgram } from '../services/caddy.ts'
import type { FoundProgram } from '../services/debian-program.ts'
import { freePort } from '../services/free-port.ts'
import { haproxyProgram } from '../services/haproxy.ts'
import { nginxProgram } from '../services/nginx.ts'
import { eventually } from '../support/eventually.ts'

/** A proxy in front of a service, which asks Sallyport about each request. */
export interface Front {
  readonly name: 'nginx' | 'caddy' | 'haproxy'
  /**
   * Starts the proxy with the documented configuration.
   *
   * @param parent a folder that may be opened to the proxy's own user
   */
  start(parent: string, addresses: FrontAddresses): Promise<RunningFront>
}

export interface FrontAddresses {
  readonly gatewayUrl: string
  readonly upstreamUrl: string
}

export interface RunningFront extends AsyncDisposable {
  readonly url: string
}

const DOCUMENTED = join(import.meta.dirname, '..', '..', 'docs', 'proxies')

/** A documented configuration with other addresses. @throws Error if an address does not occur */
function configuration(file: string, replaced: Readonly<Record<string, string>>): string {
  let text = readFileSync(join(DOCUMENTED, file), 'utf8')
  for (const [documented, actual] of Object.entries(replaced)) {
    if (!text.includes(documented)) throw new Error(`docs/proxies/${file} has no ${documented}`)
    text = text.replaceAll(documented, actual)
  }
  return text
}

function hostOf(url: string): string {
  return new URL(url).host
}

/** Starts a program in the foreground, and waits until it listens on the port. */
export async function startProgram(
  { path, env }: FoundProgram,
  argumentsOf: readonly string[],
  folder: string,
  port: number,
): Promise<RunningFront> {
  const child = spawn(path, argumentsOf, {
    cwd: folder,
    env: { ...process.env, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ended = once(child, 'exit')
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
  }
  try {
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`${path} ended:\n${errors}`)
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      socket.destroy()
    })
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: stop }
}

async function newFolder(parent: string, name: string): Promise<string> {
  const folder = await mkdtemp(join(parent, `${name}-`))
  // If nginx is started as root, its worker runs as another user, which must be able to enter the folder.
  await Promise.all([parent, folder].map(async (path) => await chmod(path, 0o777)))
  return folder
}

/** The part of nginx's configuration around `/etc/nginx/conf.d`. */
function nginxMain(folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ')
  return `worker_processes 1; daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr crit;
events { worker_connections 256; }
http { access_log off; ${temporary} include ${folder}/sallyport.conf; }`
}

const nginx: Front = {
  name: 'nginx',
  async start(parent, { gatewayUrl, upstreamUrl }) {
    const [folder, port] = [await newFolder(parent, 'nginx'), await freePort()]
    const documented = configuration('nginx.conf', {
      '127.0.0.1:8080': `127.0.0.1:${port}`,
      '127.0.0.1:8081': hostOf(gatewayUrl),
      '127.0.0.1:9000': hostOf(upstreamUrl),
    })
    await writeFile(join(folder, 'sallyport.conf'), documented)
    await writeFile(join(folder, 'nginx.conf'), nginxMain(folder))
    const main = join(folder, 'nginx.conf')
    return await startProgram(await nginxProgram(), ['-c', main, '-p', folder], folder, port)
  },
}

const caddy: Front = {
  name: 'caddy',
  async start(parent, { gatewayUrl, upstreamUrl }) {
    const [folder, port] = [await newFolder(parent, 'caddy'), await freePort()]
    const documented = configuration('Caddyfile', {
      'http://:8080': `http://:${port}`,
      '127.0.0.1:8081': hostOf(gatewayUrl),
      '127.0.0.1:9000': hostOf(upstreamUrl),
    })
    const file = join(folder, 'Caddyfile')
    await writeFile(file, documented)
    const run = ['run', '--adapter', 'caddyfile', '--config', file]
    return await startProgram(await caddyProgram(), run, folder, port)
  },
}

/** @param script the Lua file, by default the documented one */
export async function startHaproxy(
  parent: string,
  { gatewayUrl, upstreamUrl }: FrontAddresses,
  script = join(DOCUMENTED, 'sallyport.lua'),
): Promise<RunningFront> {
  const [folder, port] = [await newFolder(parent, 'haproxy'), await freePort()]
  const documented = configuration('haproxy.cfg', {
    '/etc/haproxy/sallyport.lua': script,
    '127.0.0.1:8080': `127.0.0.1:${port}`,
    '127.0.0.1:8081': hostOf(gatewayUrl),
    '127.0.0.1:9000': hostOf(upstreamUrl),
  })
  const file = join(folder, 'haproxy.cfg')
  await writeFile(file, documented)
  return await startProgram(await haproxyProgram(), ['-db', '-q', '-f', file], folder, port)
}

const haproxy: Front = { name: 'haproxy', start: startHaproxy }

/** The fronts whose documented configurations the tests run. */
export const FRONTS: readonly Front[] = [nginx, caddy, haproxy]
