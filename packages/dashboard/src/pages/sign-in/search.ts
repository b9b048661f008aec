import { oneOf, present, returnSearch } from '../../url/search.ts'

/** Why a sign-in with a provider, or a link to one, was refused: the server puts it into the URL to return to. */
export const PROVIDER_ERRORS = [
  'sign_in_failed',
  'account_not_linked',
  'second_factor_required',
  'link_failed',
  'provider_unavailable',
] as const

export type ProviderError = (typeof PROVIDER_ERRORS)[number]

/** What the sign-in reads from the URL: where to go afterwards, and what a provider answered. */
export function signInSearch(search: Readonly<Record<string, unknown>>) {
  return { ...returnSearch(search), ...present({ error: oneOf(search, 'error', PROVIDER_ERRORS) }) }
}
