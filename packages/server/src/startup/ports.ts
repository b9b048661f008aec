import { once } from 'node:events'
import { createServer } from 'node:net'
import type { ListenConfig } from '../config/config.ts'
import type { SettingProblem } from '../config/config-error.ts'
import { systemCode, systemReason } from './system-errors.ts'

/** The settings of one of the two servers. */
export interface PortSettings {
  readonly host: string
  readonly port: string
}

export const CONTROL_PORT: PortSettings = { host: 'SALLYPORT_HOST', port: 'SALLYPORT_PORT' }
export const GATEWAY_PORT: PortSettings = { host: 'SALLYPORT_GATEWAY_HOST', port: 'SALLYPORT_GATEWAY_PORT' }

/** Tries to listen on all ports at once, and stops again. */
export async function portProblems(
  ports: readonly (readonly [ListenConfig, PortSettings])[],
): Promise<SettingProblem[]> {
  await using stack = new AsyncDisposableStack()
  const problems: SettingProblem[] = []
  for (const [listen, settings] of ports) {
    const server = createServer()
    try {
      server.listen(listen.port, listen.host)
      await once(server, 'listening')
      stack.defer(async () => {
        server.close()
        await once(server, 'close')
      })
    } catch (error) {
      const problem = listenProblem(error, listen, settings)
      if (problem === null) throw error
      problems.push(problem)
    }
  }
  return problems
}

/** The system calls of listening. One for a file, which can fail at the same time, says nothing about a port. */
const LISTENING: ReadonlySet<unknown> = new Set(['listen', 'bind', 'getaddrinfo'])

/** Explains why a server cannot listen; null for an error of another kind. */
export function listenProblem(
  error: unknown,
  { host, port }: ListenConfig,
  names: PortSettings,
): SettingProblem | null {
  if (!(error instanceof Error) || !('syscall' in error) || !LISTENING.has(error.syscall)) return null
  const code = systemCode(error)
  if (code === 'EADDRINUSE') {
    const message =
      `Port ${port} on ${host} is in use by another process, possibly another Sallyport. ` +
      'Stop that process, or set a free port.'
    return { variable: names.port, message }
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const message =
      `Listening on port ${port} of ${host} is not permitted (${code}). ` +
      'Set a port from 1024 to 65535, or give this process the right to use lower ones.'
    return { variable: names.port, message }
  }
  if (code === 'EADDRNOTAVAIL') {
    const message =
      `This machine does not have the address ${host}. ` +
      'Set one of its addresses, or 0.0.0.0 for all of its IPv4 addresses.'
    return { variable: names.host, message }
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    const message = `The host name ${host} has no address (${code}). Correct it, or set an IP address.`
    return { variable: names.host, message }
  }
  const message = `Listening on port ${port} of ${host} failed: ${systemReason(error)}. Set another host or port.`
  return { variable: names.host, message }
}
