import type { Dispatcher } from 'undici'
import { beginAttempts, type Attempts } from '../balance/attempts.ts'
import type { BalancedRequest, Balancing } from '../balance/balancing.ts'
import type { AdmittedRequest } from '../deployment/admitted-request.ts'
import type { TrustedProxies } from '../request/client-address.ts'
import type { RequestBody } from '../request/request-body.ts'
import type { ExchangeDeps } from './exchange-deps.ts'
import { isOwnEnd, isRetryable } from './upstream-problem.ts'

/** What the target of a request can depend on. A caller without a consumer and a key is known by its address. */
export function balancedRequest(
  { request, identity }: Pick<AdmittedRequest, 'request' | 'identity'>,
  proxies: TrustedProxies,
): BalancedRequest {
  return {
    method: request.method ?? 'GET',
    headers: { get: (name) => request.headers[name] },
    consumer: identity.consumer,
    caller: () => identity.consumerId ?? identity.keyId ?? proxies.clientAddress(request),
  }
}

/** What the attempts of a proxy need to know about its exchange. */
export interface RepeatedExchange {
  readonly handler: Dispatcher.DispatchHandler
  /** Null if the caller's body was read already, or there is none. */
  readonly body: () => RequestBody | null
  readonly isOver: () => boolean
  readonly sendAgain: (origin: string) => void
}

/** Begins the attempts of a proxy. @returns null if none of the targets is for the request */
export function beginProxyAttempts(
  balancing: Balancing,
  admitted: AdmittedRequest,
  { balancers, proxies }: Pick<ExchangeDeps, 'balancers' | 'proxies'>,
  { handler, body, isOver, sendAgain }: RepeatedExchange,
): Attempts | null {
  const { deployment, exchange, request } = admitted
  const balancer = balancers.of(balancing, deployment.record)
  return beginAttempts(balancer, balancedRequest(admitted, proxies), {
    handler,
    isBuffered: false,
    isRepeatable: () => body() === null,
    isWaitedFor: () => body()?.isStarved === true || !exchange.mayPass(),
    isCallersFault: () => isOver() || (body()?.errored ?? null) !== null,
    isLostConnection: (error) => isRetryable(request.method ?? '', error),
    isOwnEnd,
    sendAgain,
  })
}
