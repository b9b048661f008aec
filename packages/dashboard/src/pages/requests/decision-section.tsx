import type { DecidedRequest } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { milliseconds } from '../../format/numbers.ts'
import { Trace, type TraceStep } from '../../parts/trace.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { type Check, traceOf } from './decision-trace.ts'
import { demandsQuery } from './queries.ts'
import { remedyOf } from './remedy.ts'
import classes from './request-panel.module.css'

/** The checks of a request, down to the one that refused it. */
export function DecisionSection({ request }: { readonly request: DecidedRequest }) {
  const { organization, may } = usePlace()
  const { pipeline, version } = request
  const demands = useQuery({
    ...demandsQuery(organization, pipeline ?? '', version ?? ''),
    enabled: pipeline !== null && version !== null && may('pipelines.read', request.environment),
  })
  const { panel } = t.requests
  const checks = traceOf(request, demands.data ?? undefined)
  return (
    <>
      <div className={classes.line}>
        <h3>{panel.decision}</h3>
        <span className={classes.meta}>{panel.took(milliseconds(request.durationMs))}</span>
      </div>
      <Trace steps={checks.map((check) => stepOf(check, request))} />
    </>
  )
}

function stepOf({ name, result }: Check, { code, status }: DecidedRequest): TraceStep {
  const { checks, passed, notDemanded, passedOrNotDemanded, notReached } = t.requests
  const word = checks[name]
  switch (result) {
    case 'passed':
      return { name: word, result: 'passed', text: passed[name] }
    case 'refused':
      return {
        name: word,
        result: 'refused',
        text: remedyOf(code).why,
        end: status === null ? t.requests.noStatus : String(status),
      }
    case 'notDemanded':
      return { name: word, result: 'skipped', text: notDemanded }
    case 'passedOrNotDemanded':
      return { name: word, result: 'passed', text: passedOrNotDemanded }
    case 'notReached':
      return { name: word, result: 'skipped', text: notReached }
  }
}
