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
