import type { FastifyRequest } from 'fastify'
import type { Client } from '../../app/sessions/open-session.ts'

/** Where a request comes from, for the list of a person's sessions. */
export function clientOf({ ip, headers }: Pick<FastifyRequest, 'ip' | 'headers'>): Client {
  return { address: ip, userAgent: headers['user-agent'] }
}
