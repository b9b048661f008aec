import { useEffect } from 'react'

/** With fewer rows than this, further pages are read. */
const ENOUGH = 30

interface Pages {
  readonly data: unknown
  readonly hasNextPage: boolean
  readonly isFetching: boolean
  readonly isError: boolean
  readonly fetchNextPage: () => Promise<unknown>
}

/** Reads pages of a list until there are enough rows: a page can be short, or empty, although another follows. */
export function useReadOn(
  { data, hasNextPage, isFetching, isError, fetchNextPage }: Pages,
  rows: number,
): void {
  const isShort = data !== undefined && rows < ENOUGH && hasNextPage && !isFetching && !isError
  useEffect(() => {
    if (isShort) void fetchNextPage()
  }, [isShort, fetchNextPage])
}
