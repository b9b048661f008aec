import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../services/free-port.ts'
import type { Framework, FrameworkServer } from './framework.ts'

const ROOT = join(import.meta.dirname, '..', '..')
/** Below the repository, so that the application finds Next.js, and apart from it, because Next.js writes beside the pages. */
const FOLDERS = join(ROOT, 'node_modules', '.cache', 'sallyport')
const NEXT = join(ROOT, 'node_modules', 'next', 'dist', 'bin', 'next')

/** The longest start, in ms, for a machine that is busy with other suites. */
const START_MS_MAX = 60_000

/** Starts the application in `next-app/` with the development server of Next.js. */
async function startNext(gateway: string): Promise<FrameworkServer> {
  await mkdir(FOLDERS, { recursive: true })
  const folder = await mkdtemp(join(FOLDERS, 'next-app-'))
  await cp(join(import.meta.dirname, 'next-app'), folder, { recursive: true })
  const port = await freePort()
  const child = spawn(process.execPath, [NEXT, 'dev', '-H', '127.0.0.1', '-p', String(port)], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_ENV: 'development',
      NEXT_TELEMETRY_DISABLED: '1',
      SALLYPORT_GATEWAY: gateway,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  await new Promise<void>((resolve, reject) => {
    const fail = (): void => reject(new Error(`Next.js did not start:\n${output}`))
    const timer = setTimeout(fail, START_MS_MAX)
    child.once('exit', fail)
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      if (!output.includes('Ready in')) return
      clearTimeout(timer)
      resolve()
    })
  })
  return {
    url: `http://127.0.0.1:${port}`,
    printed: () => output,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const NEXT_FRAMEWORK: Framework = {
  name: 'Next.js',
  dropsRepeated: true,
  start: async ({ gateway }) => await startNext(gateway),
}
