import { Tooltip } from '@mantine/core'
import { day, instant, relative } from '../format/times.ts'
import { useAtNow } from './now.ts'

const TEXTS = { relative, day, instant } as const

interface WhenProps {
  /** A timestamp of the API. */
  readonly at: string
  /** A date, or the instant itself, instead of how long ago. */
  readonly as?: keyof typeof TEXTS
}

/** A time: how long ago, or its day, with the exact instant on hover and focus. */
export function When({ at, as = 'relative' }: WhenProps) {
  const atMs = Date.parse(at)
  const text = useAtNow((nowMs) => TEXTS[as](atMs, nowMs))
  return (
    <Tooltip label={instant(atMs)}>
      <time dateTime={at}>{text}</time>
    </Tooltip>
  )
}
