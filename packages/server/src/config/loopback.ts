import { isIP } from 'node:net'

/** Whether only this machine reaches a host. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.')
  return host === '::1' || host === 'localhost'
}
