import { oneOf, present, text } from '../../url/search.ts'

/** What the page of leaks reads from the URL: of which key, and which one is open. */
export function leaksSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    key: text(search, 'key'),
    leak: text(search, 'leak'),
    dialog: oneOf(search, 'dialog', ['reaction'] as const),
  })
}

export type LeaksSearch = ReturnType<typeof leaksSearch>
