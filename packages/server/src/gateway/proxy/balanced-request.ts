import type { BalancedRequest } from '../balance/balancing.ts'
import type { AdmittedRequest } from '../deployment/admitted-request.ts'
import type { TrustedProxies } from '../request/client-address.ts'

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
