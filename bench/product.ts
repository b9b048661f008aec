import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SERVER_PROGRAM } from '../test/support/server-program.ts'
import { pinnedCommand } from './cores.ts'
import type { Settings } from './settings.ts'
import { CONSUMERS, NO_UPSTREAM } from './synthetic/records.ts'
import { makeStoreFile, MASTER_KEY } from './synthetic/store-file.ts'
import { READY_MS_MAX, running, type RunningServer } from './target-process.ts'

const LAUNCHER = join(import.meta.dirname, '..', 'scripts', 'node.mjs')
const CPU_METER = join(import.meta.dirname, 'targets', 'cpu-meter.ts')
/** How the product says where its gateway listens. */
const GATEWAY_LINE = /^gateway\s+http:\/\/\S+:(\d+)$/m

/** How much of its output is kept for errors; it is more than a start prints. */
const OUTPUT_CHARS_MAX = 64 * 1024

/**
 * Starts Sallyport as `npm start` does, with all that belongs to it: the control plane in its thread, the store, counts of
 * usage that are stored each second, the metrics and the access log.
 *
 * @param keys the number of keys in its store, which is made once for each run of the benchmark
 * @param threads how many serve
 * @param upstreamPort of the pipeline's upstream; without one, no request may be proxied
 */
export async function startGateway(
  keys: number,
  { cores, scratch }: Pick<Settings, 'cores' | 'scratch'>,
  upstreamPort?: number,
  threads = 1,
): Promise<RunningServer> {
  const folder = join(scratch, `gateway-${keys}-${upstreamPort ?? 'none'}-${threads}`)
  if (!existsSync(folder)) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const upstream = upstreamPort === undefined ? NO_UPSTREAM : `http://127.0.0.1:${upstreamPort}`
    await makeStoreFile(join(folder, 'sallyport.db'), keys, CONSUMERS, upstream)
  }
  const child = start(folder, cores.server, threads)
  return await running(child, async () => await gatewayPort(child))
}

function start(folder: string, core: number | undefined, threads: number): ChildProcess {
  const [command, args] = pinnedCommand(core, process.execPath, [
    '--import',
    CPU_METER,
    LAUNCHER,
    SERVER_PROGRAM,
    'serve',
  ])
  return spawn(command, args, {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      SALLYPORT_PORT: '0',
      SALLYPORT_GATEWAY_PORT: '0',
      SALLYPORT_DATA: folder,
      SALLYPORT_GATEWAY_THREADS: String(threads),
      SALLYPORT_MASTER_KEY: MASTER_KEY,
      SALLYPORT_UPSTREAM_ALLOW: '127.0.0.1/32',
      // Like a deployment behind nginx on the same machine.
      SALLYPORT_TRUSTED_PROXIES: '127.0.0.1/32',
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
}

/** Resolves when the server listens and its snapshot is loaded, which is before it listens. */
async function gatewayPort(child: ChildProcess): Promise<number> {
  const found = Promise.withResolvers<number>()
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    // Later lines are read too, and forgotten: those of the access log are part of what is measured.
    stream?.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < OUTPUT_CHARS_MAX) output += text
      const port = GATEWAY_LINE.exec(output)?.[1]
      if (port !== undefined) found.resolve(Number(port))
    })
  }
  child.once('error', found.reject)
  child.once('exit', (code) => found.reject(new Error(`the server ended with ${code}:\n${output}`)))
  const timer = setTimeout(() => {
    found.reject(new Error(`the server did not start:\n${output}`))
  }, READY_MS_MAX)
  try {
    return await found.promise
  } finally {
    clearTimeout(timer)
  }
}
