import { aliveAnswer, readyAnswer } from '../../contract/probes.ts'
import type { ControlApp } from '../routing/control-app.ts'
import type { ControlDeps } from '../routing/dependencies.ts'
import { documented } from '../routing/route-schema.ts'

/** What machines ask to watch the server; open to everybody who reaches the port. */
export function probeRoutes(
  app: ControlApp,
  { readiness, registry }: Pick<ControlDeps, 'readiness' | 'registry'>,
): void {
  app.get(
    '/healthz',
    {
      schema: {
        ...documented('Watching', 'getHealth', 'Say that the process is alive'),
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
        ...documented('Watching', 'getReadiness', 'Say whether requests can be answered'),
        security: [],
        response: { 200: readyAnswer, 503: readyAnswer },
      },
    },
    async (_request, reply) => {
      const answer = await readiness()
      void reply.code(answer.ready ? 200 : 503)
      return answer
    },
  )

  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    void reply.type(registry.contentType)
    return await registry.metrics()
  })
}
