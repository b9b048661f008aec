import { isIP } from 'node:net'

/** Whether a host name or address is this machine's own. An IPv6 address may have brackets, as in a URL. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  if (isIP(bare) === 4) return bare.startsWith('127.')
  return bare === '::1' || bare === 'localhost'
}
