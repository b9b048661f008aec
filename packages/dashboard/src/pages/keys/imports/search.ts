import { oneOf, present, text } from '../../../url/search.ts'

/** What the page of imports reads from the URL: which one is open, or the form of a new one. */
export function importsSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    import: text(search, 'import'),
    form: oneOf(search, 'form', ['new'] as const),
  })
}

export type ImportsSearch = ReturnType<typeof importsSearch>
