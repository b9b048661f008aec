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
    shouldBlockFn: () => !isLeaving.current,
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

/** Keeps a dialog while its answer is on the way, which may have something that is shown only once. */
export function useStayWhile(isPending: boolean): void {
  useBlocker({
    // What the page does itself when the answer is there is no button of the browser.
    shouldBlockFn: ({ action }) => action === 'BACK' || action === 'FORWARD' || action === 'GO',
    enableBeforeUnload: true,
    disabled: !isPending,
  })
}
