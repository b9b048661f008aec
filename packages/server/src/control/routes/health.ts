import { setTimeout } from 'node:timers/promises'
import { aliveAnswer, readyAnswer } from '../../contract/health.ts'
import { notReady } from '../../telemetry/readiness.ts'
import type { ControlApi } from '../routing/resource-routes.ts'
import { documented } from '../routing/route-schema.ts'

/** How long the database may take to respond to a readiness check, in ms. */
const DATABASE_MS_MAX = 2_000

/** The routes for monitoring; they need no key. */
export function healthRoutes({ app, deps }: ControlApi): void {
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
    async (_request, reply) => {
      const known = await readiness()
      const isDown = known.ready && !(await databaseResponds())
      const answer = isDown ? notReady(known, 'database_unavailable') : known
      void reply.code(answer.ready ? 200 : 503)
      return answer
    },
  )

  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    void reply.type(registry.contentType)
    return await registry.metrics()
  })
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
