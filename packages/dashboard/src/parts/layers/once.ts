import { useEffect, useRef } from 'react'

/**
 * Does something once, however often it is asked for before the page was drawn again: two presses can come before the first
 * one shows that it is under way.
 */
export function useOnce(act: () => void): () => void {
  const isAsked = useRef(false)
  useEffect(() => {
    isAsked.current = false
  })
  return () => {
    if (isAsked.current) return
    isAsked.current = true
    act()
  }
}
