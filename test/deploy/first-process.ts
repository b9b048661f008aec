import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { isRoot } from '../services/programs.ts'
import { eventually } from '../support/eventually.ts'

/** A server that is the first process of its namespace, as in a container. */
export interface FirstProcess extends AsyncDisposable {
  readonly controlUrl: string
  /** Sends the server a signal. @returns its exit code */
  stop(signal: NodeJS.Signals): Promise<number | null>
}

/**
 * Starts a server with the process id 1, by `unshare` of util-linux.
 *
 * @param command the program and its arguments
 */
export async function startFirstProcess(
  command: readonly string[],
  cwd: string,
  settings: Readonly<Record<string, string>>,
): Promise<FirstProcess> {
  const asRoot = isRoot() ? [] : ['--user', '--map-root-user']
  const child = spawn('unshare', [...asRoot, '--pid', '--fork', '--mount-proc', '--kill-child', ...command], {
    cwd,
    env: { PATH: process.env['PATH'], SALLYPORT_PORT: '0', SALLYPORT_GATEWAY_PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  await eventually(() => {
    expect(child.exitCode).toBeNull()
    expect(output).toMatch(/^API reference/m)
  })
  const server = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim())
  return {
    controlUrl: /^control plane\s+(\S+)$/m.exec(output)?.[1] ?? '',
    async stop(signal) {
      process.kill(server, signal)
      await ended
      return child.exitCode
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await ended
    },
  }
}
