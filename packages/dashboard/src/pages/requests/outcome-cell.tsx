import type { DecidedRequest } from '@sallyport/sdk'
import { Link } from '@tanstack/react-router'
import { preciseTimeOnDay } from '../../format/times.ts'
import { useAtNow } from '../../parts/now.ts'
import { State } from '../../parts/state.tsx'
import { t } from '../../texts/texts.ts'
import classes from './outcome-cell.module.css'
import { ALLOWED, outcomeOf } from './outcome.ts'
import { handleOf } from './queries.ts'

const TONES = { allowed: 'idle', refused: 'bad', failed: 'warn' } as const

/** How a request ended: its status, and the code unless it was served. */
export function outcomeWords({ code, status }: Pick<DecidedRequest, 'code' | 'status'>): string {
  const answered = status === null ? t.requests.noStatus : String(status)
  return code === ALLOWED ? answered : `${answered} ${code}`
}

/** The outcome of a request, which leads to its details. */
export function OutcomeCell({ request }: { readonly request: DecidedRequest }) {
  const outcome = outcomeOf(request)
  const { method, pipeline, at } = request
  const time = useAtNow((nowMs) => preciseTimeOnDay(Date.parse(at), nowMs))
  return (
    <>
      <Link
        to="."
        search={(search) => ({ ...search, open: handleOf(request) })}
        className={classes.outcome}
        data-outcome={outcome}
      >
        <State tone={TONES[outcome]}>{outcomeWords(request)}</State>
      </Link>
      <span className={classes.rest}>{t.requests.rest(method, pipeline ?? t.requests.noPipeline, time)}</span>
    </>
  )
}
