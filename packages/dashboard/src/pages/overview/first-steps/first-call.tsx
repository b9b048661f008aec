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
import { usePlace } from '../../../shell/organization.ts'
import { workingKeyQuery } from './working-key.ts'
import type { Caller, Route } from './progress.ts'
import classes from './step-list.module.css'

interface FirstCallProps {
  readonly organization: string
  readonly route: Route
  /** A consumer that may call there. */
  readonly caller: Caller
  /** How many calls were refused. */
  readonly refused: number
}

/** A call of the live pipeline to paste into a shell. The list is gone when it was allowed. */
export function FirstCall({ organization, route, caller, refused }: FirstCallProps) {
  const { pipeline, version, url } = route
  const { may } = usePlace()
  const { data: hasKey } = useQuery({
    ...workingKeyQuery(organization, caller.id),
    enabled: may('keys.read', route.environment),
  })
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
      {required.apiKey && hasKey !== false && <p className={text.meta}>{call.tokenHint}</p>}
      {required.apiKey && hasKey === false && (
        <p role="status">
          {call.keyless(caller.name)}{' '}
          <Link
            to="/organizations/$organization/consumers"
            params={{ organization }}
            search={({ environment: shown }) => ({ environment: shown, consumer: caller.id })}
          >
            {t.firstSteps.key.open(caller.name)}
          </Link>
        </p>
      )}
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
