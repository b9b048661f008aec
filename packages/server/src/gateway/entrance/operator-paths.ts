import type { ServerResponse } from 'node:http'
import { sendJson, sendProblem } from '../response/problem-response.ts'
import type { EntranceDeps } from './entrance-deps.ts'
import { sendResponse } from '../response/send-response.ts'

/** Whether a path is one of the operator's. These names are reserved and cannot be organizations. */
export function isOperatorPath(path: string): boolean {
  return path === '/healthz' || path === '/readyz' || path === '/metrics'
}

/** Answers health, readiness and metrics requests. */
export function answerOperatorPath(
  response: ServerResponse,
  path: string,
  requestId: string,
  deps: Pick<EntranceDeps, 'readiness' | 'registry' | 'logger'>,
): void {
  const { method } = response.req
  if (method !== 'GET' && method !== 'HEAD') {
    sendProblem(response, 'method_not_allowed', requestId, ['allow', 'GET, HEAD'])
  } else if (path === '/healthz') {
    sendJson(response, 200, requestId, { status: 'alive' })
  } else if (path === '/readyz') {
    const readiness = deps.readiness()
    sendJson(response, readiness.ready ? 200 : 503, requestId, readiness)
  } else {
    deps.registry.metrics().then(
      (text) => sendMetrics(response, requestId, deps.registry.contentType, text),
      (error: unknown) => {
        deps.logger.error({ requestId, err: error }, 'metrics cannot be collected')
        sendProblem(response, 'internal', requestId, [])
      },
    )
  }
}

function sendMetrics(response: ServerResponse, requestId: string, type: string, text: string): void {
  const headers = [
    'x-request-id',
    requestId,
    'content-type',
    type,
    'content-length',
    String(Buffer.byteLength(text)),
  ]
  sendResponse(response, 200, headers, text)
}
