import type { AuditEvent } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { count } from '../../format/numbers.ts'
import { preciseInstant } from '../../format/times.ts'
import { Actor } from '../../parts/actor.tsx'
import { Empty } from '../../parts/states/empty.tsx'
import { Fact, Facts } from '../../parts/facts.tsx'
import { CopyableId, Id } from '../../parts/id.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { Note } from '../../parts/states/note.tsx'
import { PanelSection, SidePanel } from '../../parts/layers/side-panel.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { Differences } from './differences.tsx'
import classes from './event-panel.module.css'
import { deedOf, refusalOf, subjectOf, targetParts } from './event-words.ts'
import { eventQuery } from './queries.ts'

interface EventPanelProps {
  readonly sequence: number
  /** The event, if the list has it. */
  readonly listed: AuditEvent | undefined
  readonly onClose: () => void
}

const ROWS = 8

/** One event: who did what, and what it changed. */
export function EventPanel({ sequence, listed, onClose }: EventPanelProps) {
  const { organization } = usePlace()
  const query = useQuery({
    ...eventQuery(organization, sequence),
    ...(listed !== undefined && { initialData: listed }),
  })
  const event = query.data
  const { panel } = t.audit
  return (
    <SidePanel
      title={event == null ? panel.event(count(sequence)) : subjectOf(event)}
      about={
        event != null && (
          <>
            <span>{deedOf(event)}</span>
            <time dateTime={event.at}>{preciseInstant(Date.parse(event.at))}</time>
          </>
        )
      }
      onClose={onClose}
    >
      <Loaded query={query} skeleton={<RowsSkeleton rows={ROWS} />}>
        {(found) =>
          found === null ? (
            <Empty title={panel.tooOld}>
              <p>{panel.tooOldText}</p>
            </Empty>
          ) : (
            <EventDetails event={found} />
          )
        }
      </Loaded>
    </SidePanel>
  )
}

function EventDetails({ event }: { readonly event: AuditEvent }) {
  const { organization } = usePlace()
  const { panel } = t.audit
  const refusal = refusalOf(event)
  return (
    <>
      <PanelSection label={panel.facts}>
        {refusal !== undefined && <Note tone="warn" title={panel.refused(refusal)} />}
        <Facts>
          <Fact name={panel.actor}>
            <Actor organization={organization} id={event.actor} />
            {', '}
            <Link to="." search={(search) => ({ ...search, actor: event.actor })}>
              {panel.ofActor}
            </Link>
          </Fact>
          <Fact name={panel.target}>
            <CopyableId value={event.target} />
            <Also event={event} />
          </Fact>
          <Fact name={panel.action}>
            <Id>{event.action}</Id>
          </Fact>
          <Fact name={panel.sequence}>{count(event.sequence)}</Fact>
        </Facts>
      </PanelSection>
      <PanelSection label={panel.changes}>
        <h3>{panel.changes}</h3>
        <Differences before={event.before} after={event.after} />
      </PanelSection>
      <PanelSection label={panel.chain}>
        <h3>{panel.chain}</h3>
        <Facts>
          <Fact name={panel.hash}>
            <span className={classes.hash}>{event.hash}</span>
          </Fact>
          <Fact name={panel.previousHash}>
            <span className={classes.hash}>{event.previousHash}</span>
          </Fact>
        </Facts>
      </PanelSection>
    </>
  )
}

/** Where to go from the target: its other events, and its page if it has one. */
function Also({ event: { target, after } }: { readonly event: AuditEvent }) {
  const { organization, may } = usePlace()
  const { panel } = t.audit
  const { kind, id } = targetParts(target)
  return (
    <div className={classes.also}>
      <Link to="." search={(search) => ({ ...search, target })}>
        {panel.ofTarget}
      </Link>
      {kind === 'key' && after !== null && may('keys.read') && (
        <Link
          to="/organizations/$organization/keys"
          params={{ organization }}
          search={({ environment }) => ({ environment, key: id })}
        >
          {panel.openKey}
        </Link>
      )}
    </div>
  )
}
