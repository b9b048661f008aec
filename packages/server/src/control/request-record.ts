import type { ControlApp } from './routing/control-app.ts'
import type { ControlDeps } from './routing/dependencies.ts'

/** The route in the log for unknown paths. */
const UNMATCHED = 'unmatched'
const PATH_CHARS_MAX = 300
/** The outcome of a request that no problem answered. */
const ANSWERED = 'valid'
const SERVER_ERROR = 500
const CLIENT_ERROR = 400
/** Asked every few seconds by load balancers and Prometheus, so that a line for each would hide the others. */
const WATCHED: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

/** Measures and logs every response, without query, headers and body, which can contain credentials. */
export function recordRequests(app: ControlApp, { durations }: Pick<ControlDeps, 'durations'>): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? UNMATCHED
    const durationMs = reply.elapsedTime
    const status = reply.statusCode
    const outcome = request.problemCode ?? ANSWERED
    durations.record(
      {
        entrance: 'control',
        method: request.method,
        route: request.routeOptions.url ?? '',
        status,
        outcome,
        errorType: status < SERVER_ERROR ? null : outcome === ANSWERED ? String(status) : outcome,
        organization: '',
        pipeline: '',
      },
      durationMs / 1000,
    )
    const level = WATCHED.has(route) && status < CLIENT_ERROR ? 'debug' : 'info'
    request.log[level](
      {
        method: request.method,
        path: request.url.split('?', 1)[0]?.slice(0, PATH_CHARS_MAX),
        route,
        status,
        durationMs: Math.round(durationMs * 100) / 100,
        address: request.ip,
        actor: request.actor?.id,
      },
      'answered',
    )
  })
}
