import type { ListedImport } from '@sallyport/sdk'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../../data/sallyport.ts'

/** How many imports are read at a time. */
const PAGE = 50
/** How often the list is read again while an import is under way, in ms. */
const LIST_MS = 2_000
/** How often an import that is under way is read again, in ms. */
const IMPORT_MS = 1_000

/** Whether the file arrives or its keys are made. */
export function isUnderWay({ state }: Pick<ListedImport, 'state'>): boolean {
  return state === 'receiving' || state === 'running'
}

/** The imports, the newest first. */
export function importsQuery(organization: string) {
  const input = { organization, sort: '-createdAt', limit: PAGE } as const
  return infiniteQueryOptions({
    queryKey: ['imports', organization],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => await sallyport.listImports(input, { signal }).page(pageParam),
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(isUnderWay)) === true ? LIST_MS : false,
  })
}

/** One import with its problems, read again and again until it has ended. */
export function importQuery(organization: string, id: string) {
  return queryOptions({
    queryKey: ['import', organization, id],
    queryFn: async ({ signal }) => await sallyport.getImport({ organization, import: id }, { signal }),
    refetchInterval: ({ state }) => (state.data !== undefined && isUnderWay(state.data) ? IMPORT_MS : false),
  })
}
