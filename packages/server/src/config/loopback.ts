import { isIP } from 'node:net'

/** Whether a host name or address, without brackets, is this machine's own. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.')
  return host === '::1' || host === 'localhost'
}
