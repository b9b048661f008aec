import { useEffect, useEffectEvent } from 'react'
import { isOnTop } from '../layers/on-top.ts'
import { isTyping } from '../typing.ts'

interface RowKeys<Row> {
  readonly rows: readonly Row[]
  readonly idOf: (row: Row) => string
  readonly openId: string | undefined
  readonly onOpen: ((row: Row) => void) | undefined
  readonly toggle: ((id: string) => void) | undefined
  readonly scrollTo: (index: number) => void
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }

/** The keys of the list of a page: up and down, or j and k, open the next row; x selects the open one. */
export function useRowKeys<Row>({ rows, idOf, openId, onOpen, toggle, scrollTo }: RowKeys<Row>): void {
  const onKey = useEffectEvent((event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || isOnTop()) return
    if (event.key === 'x' && openId !== undefined) {
      toggle?.(openId)
      return
    }
    const step = STEPS[event.key]
    if (step === undefined || onOpen === undefined) return
    const from = rows.findIndex((row) => idOf(row) === openId)
    // The arrows scroll the page as long as no row is open.
    if (from < 0 && event.key.startsWith('Arrow')) return
    event.preventDefault()
    const index = Math.min(rows.length - 1, Math.max(0, from + step))
    const row = rows[index]
    if (row === undefined) return
    onOpen(row)
    scrollTo(index)
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event)
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  }, [])
}
