/** What the proxy that asks for an authorization can do with the answer. */
export interface AuthzMode {
  /** The error statuses that the proxy accepts; undefined for all. */
  readonly statuses: ReadonlySet<number> | undefined
  /** Whether the proxy sends on the target that the answer names. */
  readonly sendsTarget: boolean
  /** Whether the proxy itself answers the caller, as headers of a 401 or 403 describe. */
  readonly readsDescription: boolean
}

/** The error statuses that nginx's `auth_request` accepts; it turns any other into 500. */
const NGINX_STATUSES: ReadonlySet<number> = new Set([401, 403])

const PLAIN: AuthzMode = { statuses: undefined, sendsTarget: false, readsDescription: false }
const RELAY: AuthzMode = { ...PLAIN, sendsTarget: true }
const NGINX: AuthzMode = { ...PLAIN, statuses: NGINX_STATUSES }
const NGINX_RELAY: AuthzMode = { statuses: NGINX_STATUSES, sendsTarget: true, readsDescription: true }

/**
 * Reads `X-Sallyport-Mode`, which a proxy sets in its question. An unknown mode counts as none.
 *
 * - `relay`: the answer to an allowed request has `x-sallyport-target`, the path and query to send to the upstream;
 * - `nginx`: a refusal has one of the statuses that `auth_request` accepts;
 * - `nginx-relay`: both, and every other answer is a refusal whose headers hold the status and body for the caller, because
 *   nginx can pass on the headers of a refusal but not its body.
 */
export function authzMode(value: string | string[] | undefined): AuthzMode {
  switch (value) {
    case 'relay':
      return RELAY
    case 'nginx':
      return NGINX
    case 'nginx-relay':
      return NGINX_RELAY
    default:
      return PLAIN
  }
}
