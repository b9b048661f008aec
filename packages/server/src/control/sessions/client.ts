import type { FastifyRequest } from 'fastify'
import { redactTokens } from '../../telemetry/redact-tokens.ts'
import type { Client } from '../../app/sessions/open-session.ts'

/** Where a request comes from, for lists and mails. Of a token in the header, only the id is kept. */
export function clientOf({ ip, headers }: Pick<FastifyRequest, 'ip' | 'headers'>): Client {
  const userAgent = headers['user-agent']
  return { address: ip, userAgent: userAgent === undefined ? undefined : redactTokens(userAgent) }
}
