import type { ServerResponse } from 'node:http'
import { answerJson, answerProblem } from '../request/answer.ts'
import type { GatewayDeps } from './gateway-parts.ts'
import { endEarly } from '../request/unread-body.ts'

/** Whether a path is the operator's. No organization can have these names. */
export function isOperatorPath(path: string): boolean {
  return path === '/healthz' || path === '/readyz' || path === '/metrics'
}

/** Answers the operator's questions: is it alive, is it ready, what has it counted. */
export function answerOperator(
  response: ServerResponse,
  path: string,
  requestId: string,
  deps: GatewayDeps,
): void {
  const { method } = response.req
  if (method !== 'GET' && method !== 'HEAD') {
    answerProblem(response, 'method_not_allowed', requestId, ['allow', 'GET, HEAD'])
  } else if (path === '/healthz') {
    answerJson(response, 200, requestId, { status: 'alive' })
  } else if (path === '/readyz') {
    const readiness = deps.readiness()
    answerJson(response, readiness.ready ? 200 : 503, requestId, readiness)
  } else {
    deps.registry.metrics().then(
      (text) => answerMetrics(response, requestId, deps.registry.contentType, text),
      (error: unknown) => {
        deps.logger.error({ requestId, err: error }, 'metrics cannot be read')
        answerProblem(response, 'internal', requestId, [])
      },
    )
  }
}

function answerMetrics(response: ServerResponse, requestId: string, type: string, text: string): void {
  const headers = [
    'x-request-id',
    requestId,
    'content-type',
    type,
    'content-length',
    String(Buffer.byteLength(text)),
  ]
  endEarly(response, 200, headers, text)
}
