import type { ScheduleRun } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { Absent } from '../../../parts/absent.tsx'
import { State } from '../../../parts/state.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { SmallTable } from '../../../parts/table/small-table.tsx'
import text from '../../../parts/text.module.css'
import { When } from '../../../parts/when.tsx'
import { t } from '../../../texts/texts.ts'
import { scheduleRunsQuery } from '../data/queries.ts'

interface ScheduleRunsProps {
  readonly organization: string
  readonly pipeline: string
  readonly environment: string
}

/** Whether a schedule has run, and how that went. */
export function ScheduleRuns({ organization, pipeline, environment }: ScheduleRunsProps) {
  const query = useQuery(scheduleRunsQuery(organization, pipeline, environment))
  const words = t.scheduleRuns
  return (
    <Loaded query={query} skeleton={<RowsSkeleton rows={2} />}>
      {(runs) =>
        runs.length === 0 ? (
          <p className={text.meta}>{words.none}</p>
        ) : (
          <SmallTable
            caption={words.caption(environment)}
            isWrapping
            columns={[
              { word: words.columns.due, width: '9rem' },
              { word: words.columns.outcome },
              { word: words.columns.took, width: '6rem', leaves: true },
            ]}
          >
            {runs.map((run) => (
              <tr key={`${run.major} ${run.dueAt}`}>
                <td>
                  <When at={run.dueAt} />
                </td>
                <td>
                  <Outcome run={run} />
                </td>
                <td data-leaves>
                  {run.finishedAt === null ? (
                    <Absent>{words.notOver}</Absent>
                  ) : (
                    words.took(Date.parse(run.finishedAt) - Date.parse(run.startedAt))
                  )}
                </td>
              </tr>
            ))}
          </SmallTable>
        )
      }
    </Loaded>
  )
}

/** Outcomes of runs that were not carried through, but did not fail either. */
const INCOMPLETE: readonly string[] = ['replaced', 'interrupted', 'missed', 'skipped']

function Outcome({ run: { outcome, missedBefore } }: { readonly run: ScheduleRun }) {
  const words = t.scheduleRuns
  return (
    <>
      {outcome === null ? (
        <State tone="info" mark="half">
          {words.running}
        </State>
      ) : outcome === 'succeeded' ? (
        <State tone="ok">{words.outcomes[outcome]}</State>
      ) : (
        <State tone={INCOMPLETE.includes(outcome) ? 'warn' : 'bad'} mark="ring">
          {words.outcomes[outcome] ?? words.failed(outcome)}
        </State>
      )}
      {missedBefore > 0 && <div className={text.meta}>{words.missedBefore(missedBefore)}</div>}
    </>
  )
}
