import { shellWord } from '../../../format/shell-word.ts'
import { type Credential, DEFAULT_METHODS, type TriggerFacts } from '../spec/trigger-facts.ts'

interface Call {
  readonly url: string
  readonly method: string
  readonly required: Readonly<Record<Credential, boolean>>
}

/** A call from a shell. Credentials come from variables, so that none stands in its history. */
export function curlLine({ url, method, required }: Call): string {
  // Basic and JWT share the header Authorization, so that the JWT has another one then.
  const jwt = required.basic ? '-H "x-access-token: $JWT"' : '-H "authorization: Bearer $JWT"'
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${shellWord(url)}`,
    required.apiKey && '-H "x-api-key: $TOKEN"',
    required.basic && '-u "$USERNAME:$PASSWORD"',
    required.jwt && jwt,
  ]
  return lines.filter((line) => line !== false).join(' \\\n  ')
}

/** A method that the trigger answers: GET if it can. */
export function methodOf({ methods }: Pick<TriggerFacts, 'methods'>): string {
  const all = methods ?? DEFAULT_METHODS
  return all.includes('GET') ? 'GET' : (all[0] ?? 'GET')
}

/**
 * The host of a URL without a path, as an environment has on a host of its own; null for one with the path of the environment.
 *
 * @param base the URL of a deployment without the path of its route; a pattern of hosts gives one of them
 */
export function ownHostOf(base: string): string | null {
  const url = URL.parse(base)
  return url === null || url.pathname !== '/' ? null : url.host.replace('*', 'any')
}
