import type { DecidedRequest } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { relative } from '../../format/times.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { useNow } from '../../parts/now.ts'
import { PanelSection } from '../../parts/layers/side-panel.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { currentHint } from '../keys/key-words.tsx'
import { keyQuery } from '../keys/queries.ts'
import { RemedyLinks } from './remedy-links.tsx'
import { remedyOf } from './remedy.ts'
import classes from './request-panel.module.css'

/** Why a request was not served, in plain words, and the way to where it is corrected. */
export function RemedySection({ request }: { readonly request: DecidedRequest }) {
  const { may } = usePlace()
  const { panel, noStatus } = t.requests
  const { requestId, code, status, key } = request
  const { why, todo } = remedyOf(code)
  const answer = panel.answer(requestId, code, status === null ? noStatus : String(status), why)
  return (
    <PanelSection label={why}>
      <h3>{panel.why(why)}</h3>
      {key !== null && may('keys.read') && <KeyNow id={key} />}
      {todo.length > 0 && (
        <>
          <h3>{panel.todo}</h3>
          <ol className={classes.todo}>
            {todo.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </>
      )}
      <div className={classes.actions}>
        <RemedyLinks request={request} />
        <CopyButton size="xs" text={answer} word={panel.copyAnswer} />
      </div>
    </PanelSection>
  )
}

/** What the key is now: a caller can send an old secret of a key that works. */
function KeyNow({ id }: { readonly id: string }) {
  const { organization } = usePlace()
  const { data: key } = useQuery({ ...keyQuery(organization, id), retryOnMount: false })
  const now = useNow()
  if (key === undefined) return null
  const { panel } = t.requests
  const newest = key.secrets.at(-1)
  const hint = currentHint(key)
  const used = newest?.lastUsedAt
  return (
    <p>
      {panel.keyNow(key.name, t.keys.states[key.state])}{' '}
      {newest !== undefined &&
        (used == null ? panel.keyUnused(hint) : panel.keyUsed(hint, relative(Date.parse(used), now)))}
    </p>
  )
}
