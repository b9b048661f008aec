import { aliveAnswer, readyAnswer } from '../../contract/health.ts'
import type { ControlApi } from '../routing/resource-routes.ts'
import { documented } from '../routing/route-schema.ts'

/** The routes for monitoring; they need no key. */
export function healthRoutes({ app, deps }: ControlApi): void {
  const { readiness, registry } = deps

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
      const answer = readiness()
      void reply.code(answer.ready ? 200 : 503)
      return answer
    },
  )

  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    void reply.type(registry.contentType)
    return await registry.metrics()
  })
}
