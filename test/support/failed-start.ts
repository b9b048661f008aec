import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Role } from '../../packages/server/src/config/role-settings.ts'
import { SERVER_PROGRAM } from './server-program.ts'

/** The end of a server that did not start. */
export interface FailedStart {
  readonly code: number | null
  readonly stderr: string
  readonly stdout: string
}

/** Runs a server, with the given settings and on free ports, that is expected to end without a signal. */
export async function failedStart(
  settings: Readonly<Record<string, string>>,
  role: Role = 'all',
): Promise<FailedStart> {
  const child = spawn(process.execPath, [SERVER_PROGRAM, 'serve', '--role', role], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      SALLYPORT_PORT: '0',
      SALLYPORT_GATEWAY_PORT: '0',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  let stdout = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  try {
    await once(child, 'close')
  } finally {
    child.kill('SIGKILL')
  }
  return { code: child.exitCode, stderr, stdout }
}

/** The whole output of a server that is expected to end with an error. */
export async function failedStartOutput(settings: Readonly<Record<string, string>>): Promise<string> {
  const { code, stderr, stdout } = await failedStart(settings)
  if (code === 0) throw new Error(`the server ended without an error:\n${stdout}`)
  return stdout + stderr
}
