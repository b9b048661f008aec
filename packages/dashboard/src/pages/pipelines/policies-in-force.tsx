import { useQueries } from '@tanstack/react-query'
import { policyQuery } from '../../data/environments.ts'
import { InForce } from '../../parts/in-force.tsx'
import { t } from '../../texts/texts.ts'

interface PoliciesInForceProps {
  readonly organization: string
  readonly environments: readonly string[]
}

/** What the environments demand now, and how much of what is live conforms. */
export function PoliciesInForce({ organization, environments }: PoliciesInForceProps) {
  const policies = useQueries({
    queries: environments.map((environment) => policyQuery(organization, environment)),
  })
  const { force } = t.pipelines
  return (
    <InForce>
      {policies.map(({ data }, index) => {
        const environment = environments[index] ?? ''
        if (data === undefined) return null
        return (
          <span key={environment}>
            <strong>{force.mode(environment, data.mode)}</strong>,{' '}
            {force.conformity(data.version, data.conformity)}
          </span>
        )
      })}
    </InForce>
  )
}
