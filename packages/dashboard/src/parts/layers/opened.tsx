import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Loaded } from '../states/loaded.tsx'
import { RowsSkeleton } from '../states/skeleton.tsx'
import { Dialog } from './dialog.tsx'

interface OpenedProps<Shown> {
  /** The title of the dialog, which it has from the beginning. */
  readonly title: string
  /** Reads what the dialog is about, as it is when it opens. */
  readonly query: UseQueryResult<Shown>
  readonly onClose: () => void
  /** The dialog, which begins with what was read. */
  readonly children: (shown: Shown) => ReactNode
}

/** A dialog about an item of a list. Lists have no ETags, so the item is read alone when the dialog opens. */
export function Opened<Shown>({ title, query, onClose, children }: OpenedProps<Shown>) {
  const { data, isFetchedAfterMount } = query
  if (data !== undefined && isFetchedAfterMount) return children(data)
  return (
    <Dialog isSmall title={title} onClose={onClose}>
      <Loaded
        query={{ ...query, data: undefined, error: query.isFetching ? null : query.error }}
        skeleton={<RowsSkeleton rows={2} />}
      >
        {() => null}
      </Loaded>
    </Dialog>
  )
}
