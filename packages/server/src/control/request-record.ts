import type { ControlApp } from './routing/control-app.ts'
import type { ControlDeps } from './routing/dependencies.ts'

/** The route label in metrics for unknown paths. */
const UNMATCHED = 'unmatched'
const PATH_CHARS_MAX = 300

/** Counts and logs every response, without query, headers and body, which can contain credentials. */
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
