import type { ServerResponse } from 'node:http'
import { Registry } from 'prom-client'
import { hostName } from '../../address/host-name.ts'
import { sendJson, sendProblem } from '../response/problem-response.ts'
import type { EntranceDeps } from './entrance-deps.ts'
import { sendResponse } from '../response/send-response.ts'

/** Whether a path is one of the operator's. These names are reserved and cannot be organizations. */
export function isOperatorPath(path: string): boolean {
  return path === '/healthz' || path === '/readyz' || path === '/metrics'
}

/**
 * Answers health, readiness and metrics requests. For a host that is not the server's own, there are no facts about the
 * installation: see `OwnHosts`. Probes may send any host.
 *
 * @param host what the caller, or a trusted proxy, names; undefined for none, which no browser sends
 */
export function answerOperatorPath(
  response: ServerResponse,
  path: string,
  host: string | undefined,
  requestId: string,
  deps: Pick<EntranceDeps, 'readiness' | 'metrics' | 'logger' | 'operatorHosts'>,
): void {
  const { method, headers, socket } = response.req
  const isOwn = [headers.host, host].every(
    (sent) => sent === undefined || deps.operatorHosts.has(hostName(sent) ?? '', socket.localAddress),
  )
  if (method !== 'GET' && method !== 'HEAD') {
    sendProblem(response, 'method_not_allowed', requestId, ['allow', 'GET, HEAD'])
  } else if (path === '/healthz') {
    sendJson(response, 200, requestId, { status: 'alive' })
  } else if (path === '/readyz') {
    const readiness = deps.readiness()
    const { ready, reason } = readiness
    sendJson(response, ready ? 200 : 503, requestId, isOwn ? readiness : { ready, reason })
  } else if (!isOwn) {
    sendProblem(response, 'misdirected_request', requestId, [])
  } else {
    deps.metrics().then(
      (text) => sendMetrics(response, requestId, text),
      (error: unknown) => {
        deps.logger.error({ requestId, err: error }, 'metrics cannot be collected')
        sendProblem(response, 'internal', requestId, [])
      },
    )
  }
}

function sendMetrics(response: ServerResponse, requestId: string, text: string): void {
  const headers = [
    'x-request-id',
    requestId,
    'content-type',
    Registry.PROMETHEUS_CONTENT_TYPE,
    'content-length',
    String(Buffer.byteLength(text)),
  ]
  sendResponse(response, 200, headers, text)
}
