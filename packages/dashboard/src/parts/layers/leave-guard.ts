import { useBlocker } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { holdPage } from '../../data/session-end.ts'

/** Asks before something that was not kept is left, in whatever way. */
export interface LeaveGuard {
  /** Whether the person wants to leave: by a button of the browser, a link, or a shortcut. */
  readonly isAsked: boolean
  /** Stays on the page. */
  readonly stay: () => void
  /** Leaves: where the person wanted to go, and otherwise by `close`. */
  readonly leave: (close: () => void) => void
}

/**
 * Keeps the page of something that is shown only once: it asks before it is left, and not even the end of the session leads
 * away from it.
 */
export function useLeaveGuard(isActive: boolean): LeaveGuard {
  const isLeaving = useRef(false)
  const blocked = useBlocker({
    // The same address with another fragment shows the same page, such as the portal behind another link.
    shouldBlockFn: ({ current, next }) => !isLeaving.current && placeOf(current) !== placeOf(next),
    enableBeforeUnload: true,
    disabled: !isActive,
    withResolver: true,
  })
  useEffect(() => holdPage(), [])
  return {
    isAsked: blocked.status === 'blocked',
    stay: () => blocked.reset?.(),
    leave: (close) => {
      isLeaving.current = true
      close()
      blocked.proceed?.()
    },
  }
}

function placeOf({ pathname, search }: { readonly pathname: string; readonly search: object }): string {
  return `${pathname} ${JSON.stringify(search)}`
}

/** Keeps a dialog while its answer is on the way, which may have something that is shown only once. */
export function useStayWhile(isPending: boolean): void {
  useBlocker({
    // What the page does itself when the answer is there is no button of the browser.
    shouldBlockFn: ({ action }) => action === 'BACK' || action === 'FORWARD' || action === 'GO',
    enableBeforeUnload: true,
    disabled: !isPending,
  })
}
