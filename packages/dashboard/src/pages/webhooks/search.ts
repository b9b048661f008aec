import { oneOf, present, text } from '../../url/search.ts'

/** What the page of webhooks reads from the URL: which one is open. */
export function webhooksSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    webhook: text(search, 'webhook'),
    dialog: oneOf(search, 'dialog', ['create'] as const),
  })
}

export type WebhooksSearch = ReturnType<typeof webhooksSearch>
