import { oneOf, present, text } from '../../url/search.ts'

export const CONFORMITIES = ['yes', 'no'] as const

/** What the list of pipelines reads from the URL. */
export function pipelinesSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    search: text(search, 'search'),
    project: text(search, 'project'),
    conforming: oneOf(search, 'conforming', CONFORMITIES),
    sort: oneOf(search, 'sort', ['name', '-name', 'createdAt', '-createdAt'] as const),
    dialog: oneOf(search, 'dialog', ['create'] as const),
  })
}

export type PipelinesSearch = ReturnType<typeof pipelinesSearch>
