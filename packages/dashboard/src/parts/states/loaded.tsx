import type { ReactNode } from 'react'
import { Failure } from './failure.tsx'

/** What a query tells about itself. */
interface Reading<Data> {
  readonly data: Data | undefined
  readonly error: unknown
  readonly refetch: () => unknown
}

interface LoadedProps<Data> {
  readonly query: Reading<Data>
  /** Stands where the content will, in its size. */
  readonly skeleton: ReactNode
  readonly children: (data: Data) => ReactNode
}

/** Two queries as one: a page that shows what both have read must not show one of them as nothing. */
export function together<One, Other>(
  one: Reading<One>,
  other: Reading<Other>,
): Reading<readonly [One, Other]> {
  const isRead = one.data !== undefined && other.data !== undefined
  return {
    data: isRead ? ([one.data, other.data] as const) : undefined,
    error: one.error ?? other.error,
    refetch: () => [one, other].map((query) => query.data === undefined && query.refetch()),
  }
}

/**
 * Shows what a query has read; before that, a skeleton, or why it failed. What was read stays when reading it again fails:
 * the bar at the top says so.
 */
export function Loaded<Data>({ query, skeleton, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return children(query.data)
  if (query.error !== null)
    return <Failure error={query.error} retry={() => void query.refetch()} isReading />
  return skeleton
}
