import { oneOf, present, text } from '../../url/search.ts'

export const MODES = ['any', 'api-key', 'jwt', 'jwt-and-api-key'] as const
export const TABS = ['access', 'age'] as const

/** What the page of policies reads from the URL. The environment is that of the top bar. */
export function policiesSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    tab: oneOf(search, 'tab', TABS),
    /** A mode that is being considered. */
    mode: oneOf(search, 'mode', MODES),
    /** The environment whose deployments that do not conform are open. */
    conformity: text(search, 'conformity'),
  })
}
