import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Snippet } from '../../../parts/snippet.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { State } from '../../../parts/state.tsx'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import { versionsQuery } from '../../pipelines/data/queries.ts'
import { DEFAULT_METHODS, triggerFacts } from '../../pipelines/spec/trigger-facts.ts'
import { curlWith, placesOf, VARIABLES, variablesOf } from '../../portal/call/call-lines.ts'
import type { Route } from './progress.ts'
import classes from './step-list.module.css'

interface FirstCallProps {
  readonly organization: string
  readonly route: Route
  /** How many calls were refused. */
  readonly refused: number
}

/** A call of the live pipeline to paste into a shell. The list is gone when it was allowed. */
export function FirstCall({ organization, route: { pipeline, version, url }, refused }: FirstCallProps) {
  const { data: versions, error, refetch } = useQuery(versionsQuery(organization, pipeline))
  const { call } = t.firstSteps
  if (versions === undefined) return error !== null && <Failure error={error} retry={() => void refetch()} />
  const { methods, required } = triggerFacts(versions.find((each) => each.version === version)?.spec)
  const called = { url, methods: methods ?? DEFAULT_METHODS, authentication: required }
  const places = placesOf(called)
  const variables = variablesOf(called).filter((name) => name !== VARIABLES.apiKey)
  return (
    <div className={classes.call}>
      <Snippet label={call.lines}>{curlWith(called, call.token)}</Snippet>
      {required.apiKey && <p className={text.meta}>{call.tokenHint}</p>}
      {places.length > 0 && <p className={text.meta}>{call.places(places)}</p>}
      {variables.length > 0 && <p className={text.meta}>{call.variables(variables)}</p>}
      <div className={classes.state} role="status">
        <State tone="info" mark="half">
          {call.waiting}
        </State>
        {refused > 0 && (
          <p>
            {call.refused(refused)}{' '}
            <Link
              to="/organizations/$organization/requests"
              params={{ organization }}
              search={({ environment }) => ({ environment, outcome: 'refused' as const })}
            >
              {call.see}
            </Link>
          </p>
        )}
      </div>
    </div>
  )
}
