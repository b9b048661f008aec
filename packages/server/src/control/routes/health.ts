import { setTimeout } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import { aliveAnswer, readyAnswer } from '../../contract/health.ts'
import { notReady, type Readiness } from '../../telemetry/readiness.ts'
import type { ControlApi } from '../routing/resource-routes.ts'
import { documented } from '../routing/route-schema.ts'

/** How long the database may take to respond to a readiness check, in ms. */
const DATABASE_MS_MAX = 2_000

/**
 * The routes for monitoring; they need no key.
 *
 * @param isForAllowedHost whether a request is for a host that the API answers for
 */
export function healthRoutes(
  { app, deps }: ControlApi,
  isForAllowedHost: (request: FastifyRequest) => boolean,
): void {
  const { readiness, registry, store } = deps
  const databaseResponds = sharedCheck(() => store.ping())

  app.get(
    '/healthz',
    {
      schema: {
        ...documented('Watching', 'getHealth', 'Report that the process is alive'),
        security: [],
        response: { 200: aliveAnswer },
      },
    },
    async () => ({ status: 'alive' as const }),
  )

  app.get(
    '/readyz',
    {
      schema: {
        ...documented('Watching', 'getReadiness', 'Report whether the server can answer requests'),
        security: [],
        response: { 200: readyAnswer, 503: readyAnswer },
      },
    },
    async (request, reply) => {
      const known = await readiness()
      const isDown = known.ready && !(await databaseResponds())
      const answer = isDown ? notReady(known, 'database_unavailable') : known
      void reply.code(answer.ready ? 200 : 503)
      // A page of another site learns nothing of the installation.
      return isForAllowedHost(request) ? answer : statusOf(answer)
    },
  )

  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    void reply.type(registry.contentType)
    return await registry.metrics()
  })
}

/** What a load balancer needs. */
function statusOf({ ready, reason }: Readiness): Pick<Readiness, 'ready' | 'reason'> {
  return reason === undefined ? { ready } : { ready, reason }
}

/**
 * Returns a function that checks whether `check` succeeds in time. All its callers share one running check, so that
 * anonymous callers cannot occupy the database.
 */
function sharedCheck(check: () => Promise<void>): () => Promise<boolean> {
  let running: Promise<boolean> | null = null
  return async () => {
    running ??= check()
      .then(
        () => true,
        () => false,
      )
      .finally(() => (running = null))
    return await Promise.race([running, setTimeout(DATABASE_MS_MAX, false, { ref: false })])
  }
}
