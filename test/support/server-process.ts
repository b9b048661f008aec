import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DATABASE_FILE } from '../../packages/server/src/composition/store-settings.ts'
import { createMigratedFile } from '../../packages/server/src/store/testing/migrated-file.ts'
import { SERVER_PROGRAM } from './server-program.ts'

/** The maximum start time, in ms, for a machine that is busy with other suites. */
const START_MS_MAX = 60_000

/** A Sallyport server in a separate process, as `npm start` runs it. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number
  readonly controlUrl: string
  readonly gatewayUrl: string
  readonly setupToken: string
  /** The complete output so far. A process without one of both ports has no URL for it; `controlUrl` is that of a relay. */
  readonly output: { readonly stdout: string; readonly stderr: string }
  /** Sends a signal and waits for the exit; resolves to the exit code, or null if the signal ended the process. */
  stop(signal: NodeJS.Signals): Promise<number | null>
}

/**
 * Starts a server on free ports and waits until it listens. Besides the given settings, it gets only those that a test
 * server needs. In an empty folder it finds a database without rows: to create one takes a sixth of the time of its start.
 *
 * @param program the built server, of this release unless it is another one
 */
export async function startServerProcess(
  settings: Readonly<Record<string, string>>,
  role: 'all' | 'control' | 'gateway' | 'relay' = 'all',
  program = SERVER_PROGRAM,
): Promise<ServerProcess> {
  const { SALLYPORT_DATA: folder, SALLYPORT_DATABASE_URL: databaseUrl } = settings
  const hasDatabase =
    (role === 'all' || role === 'control') && folder !== undefined && databaseUrl === undefined
  if (hasDatabase && program === SERVER_PROGRAM && (await isEmpty(folder))) {
    await createMigratedFile(join(folder, DATABASE_FILE))
  }
  const setupToken = settings['SALLYPORT_SETUP_TOKEN'] ?? 'test-set-up-token'
  const child = spawn(process.execPath, [program, 'serve', ...(role === 'all' ? [] : ['--role', role])], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      SALLYPORT_PORT: '0',
      SALLYPORT_GATEWAY_PORT: '0',
      ...(role === 'gateway' || role === 'relay' ? {} : { SALLYPORT_SETUP_TOKEN: setupToken }),
      SALLYPORT_UPSTREAM_ALLOW: '127.0.0.0/8',
      // Set for a whole run, it has all gateways serve in several threads.
      SALLYPORT_GATEWAY_THREADS: process.env['SALLYPORT_GATEWAY_THREADS'],
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  // Its output is complete then, too.
  const ended = once(child, 'close')
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text
  })
  const urls = await new Promise<{ control: string; gateway: string }>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`the server did not start:\n${output.stdout}\n${output.stderr}`))
    }, START_MS_MAX)
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text
      const url = (part: string, isThere: boolean): string | undefined =>
        isThere ? new RegExp(`^${part}\\s+(\\S+)$`, 'm').exec(output.stdout)?.[1] : ''
      const control = url(role === 'relay' ? 'relay' : 'control plane', role !== 'gateway')
      const gateway = url('gateway', role === 'all' || role === 'gateway')
      if (control === undefined || gateway === undefined) return
      clearTimeout(timer)
      resolve({ control, gateway })
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`the server ended with ${code}:\n${output.stdout}\n${output.stderr}`))
    })
  })
  const stop = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await ended
    return child.exitCode
  }
  return {
    pid: child.pid ?? -1,
    controlUrl: urls.control,
    gatewayUrl: urls.gateway,
    setupToken,
    output,
    stop,
    async [Symbol.asyncDispose]() {
      await stop('SIGKILL')
    },
  }
}

/** Whether a folder is there and has nothing in it. */
async function isEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0
  } catch {
    return false
  }
}

/** Creates a folder that is deleted on disposal. */
export async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'sallyport-test-'))
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true })
    },
  }
}
