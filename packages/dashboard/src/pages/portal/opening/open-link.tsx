import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { instant, timeOfDay } from '../../../format/times.ts'
import { say } from '../../../parts/messages/say.ts'
import { useOnce } from '../../../parts/layers/once.ts'
import { keepLinkSecret } from '../../../parts/link-secret.ts'
import { Failure } from '../../../parts/states/failure.tsx'
import { Note } from '../../../parts/states/note.tsx'
import text from '../../../parts/text.module.css'
import { Alone } from '../../../shell/alone.tsx'
import { t } from '../../../texts/texts.ts'
import { useOpen } from '../mutations.ts'
import { standingQuery } from '../session/queries.ts'
import classes from './open-link.module.css'
import { isWholeSecret, type Refusal, refusalOf } from './refusal.ts'

/**
 * The page of a link that is not opened yet. It asks the server for nothing until its button is pressed, so that neither
 * previews of links nor prefetching browsers use the link up.
 */
export function OpenLink({ secret }: { readonly secret: string }) {
  const open = useOpen(({ expiresAt }) => {
    keepLinkSecret('')
    say(t.portal.start.opened(timeOfDay(Date.parse(expiresAt))))
  })
  const begin = useOnce(() => open.mutate(secret))
  const { start } = t.portal
  if (!isWholeSecret(secret)) return <Refused refusal={{ kind: 'wrong' }} />
  const refusal = refusalOf(open.error)
  if (refusal !== undefined) return <Refused refusal={refusal} isPending={open.isPending} onRetry={begin} />
  return (
    <Alone title={start.title}>
      <h1>{start.title}</h1>
      <p>{start.lead}</p>
      <p className={text.meta}>{start.once}</p>
      <Button variant="filled" className={classes.button} loading={open.isPending} onClick={begin}>
        {start.open}
      </Button>
      {open.error !== null && <Failure error={open.error} retry={begin} />}
    </Alone>
  )
}

interface RefusedProps {
  readonly refusal: Refusal
  readonly isPending?: boolean
  readonly onRetry?: () => void
}

/** Why a link was not opened, and what to do about it. */
function Refused({ refusal, isPending = false, onRetry }: RefusedProps) {
  const { refused, start } = t.portal
  const { title } = refused[refusal.kind]
  return (
    <Alone title={title}>
      <div className={classes.refusal} role="alert">
        <h1>{title}</h1>
        <Why refusal={refusal} />
      </div>
      {onRetry !== undefined && isWorthAgain(refusal) && (
        <Button className={classes.button} loading={isPending} onClick={onRetry}>
          {start.again}
        </Button>
      )}
    </Alone>
  )
}

function isWorthAgain({ kind }: Refusal): boolean {
  return kind === 'off' || kind === 'elsewhere' || kind === 'busy' || kind === 'unreachable'
}

function Why({ refusal }: { readonly refusal: Refusal }) {
  const { refused } = t.portal
  switch (refusal.kind) {
    case 'opened':
      return <Opened at={instant(Date.parse(refusal.endedAt))} />
    case 'expired':
    case 'withdrawn':
      return <p>{refused[refusal.kind].at(instant(Date.parse(refusal.endedAt)))}</p>
    default: {
      const { text: what, next } = refused[refusal.kind]
      return (
        <>
          <p>{what}</p>
          <p>{next}</p>
        </>
      )
    }
  }
}

/** A link that was used up: perhaps in this browser, whose session goes on. */
function Opened({ at }: { readonly at: string }) {
  const { data: standing } = useQuery(standingQuery)
  const { start, refused } = t.portal
  return (
    <>
      <p>{refused.opened.at(at)}</p>
      {standing?.kind === 'open' && (
        <>
          <p>{refused.opened.here}</p>
          <Button variant="filled" className={classes.button} onClick={() => keepLinkSecret('')}>
            {start.goOn}
          </Button>
        </>
      )}
      <Note tone="warn" title={refused.opened.stranger} />
    </>
  )
}
