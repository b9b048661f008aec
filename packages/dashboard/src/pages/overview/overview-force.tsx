import { useQueries, useQuery } from '@tanstack/react-query'
import { environmentsQuery, policyQuery } from '../../data/environments.ts'
import { currentOf, gatewaysQuery } from '../../data/gateways.ts'
import { InForce } from '../../parts/in-force.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'

/** What holds now: what is demanded, how many deployments conform, and which gateways have it. */
export function OverviewForce() {
  const { organization, environment, may } = usePlace()
  const { force } = t.overview
  const environments = useQuery(environmentsQuery(organization))
  const shown = (environments.data ?? [])
    .map(({ name }) => name)
    .filter((name) => may('policies.read', name) && (environment === undefined || name === environment))
  const policies = useQueries({ queries: shown.map((name) => policyQuery(organization, name)) })
  const read = policies.flatMap(({ data }) => (data === undefined ? [] : [data]))
  const gateways = useQuery({ ...gatewaysQuery(organization), enabled: may('gateways.read') })
  const conforming = read.reduce((sum, { conformity }) => sum + conformity.conforming, 0)
  const total = read.reduce((sum, { conformity }) => sum + conformity.total, 0)
  const { current, all } = currentOf(gateways.data ?? [])
  const isRead = shown.length > 0 && read.length === shown.length
  const [only] = read
  const conform = force.conform(conforming, total)
  return (
    <InForce>
      {isRead && environment !== undefined && only !== undefined && (
        <span>
          <strong>{force.modes[only.mode](environment)}</strong>
        </span>
      )}
      {isRead && (
        <span>
          {environment === undefined ? (
            <strong>
              {conform} {force.everywhere(shown.length)}
            </strong>
          ) : (
            conform
          )}
        </span>
      )}
      {gateways.data !== undefined && all > 0 && (
        <span>
          {force.revision(Math.max(...gateways.data.map(({ revision }) => revision)), current, all)}
        </span>
      )}
    </InForce>
  )
}
