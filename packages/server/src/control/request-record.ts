import type { ControlApp } from './routing/control-app.ts'
import type { ControlDeps } from './routing/dependencies.ts'

/** What stands in metrics for every path that is no route's. */
const UNMATCHED = 'unmatched'
const PATH_CHARS_MAX = 300

/** Counts every answer, and logs it: neither query, headers nor body, where credentials can be. */
export function recordRequests(app: ControlApp, { metrics }: Pick<ControlDeps, 'metrics'>): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? UNMATCHED
    const durationMs = reply.elapsedTime
    metrics.recordResponse(request.method, route, reply.statusCode, durationMs / 1000)
    request.log.info(
      {
        method: request.method,
        path: request.url.split('?', 1)[0]?.slice(0, PATH_CHARS_MAX),
        route,
        status: reply.statusCode,
        durationMs: Math.round(durationMs * 100) / 100,
        address: request.ip,
        actor: request.actor?.id,
      },
      'answered',
    )
  })
}
