import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { environmentsQuery, policyQuery } from '../../data/environments.ts'
import { Bars } from '../../parts/charts/bars.tsx'
import { Id } from '../../parts/id.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { Section } from '../../parts/section.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { State } from '../../parts/state.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import classes from './conformity-section.module.css'

const ROWS = 3

/** How many deployments conform to the policy of their environment. */
export function ConformitySection() {
  const { organization, environment, may } = usePlace()
  const environments = useQuery(environmentsQuery(organization))
  return (
    <Section
      title={t.overview.conformity.title}
      link={
        <Link
          to="/organizations/$organization/policies"
          params={{ organization }}
          search={(search) => ({ environment: search.environment })}
        >
          {t.overview.conformity.open}
        </Link>
      }
    >
      <Loaded query={environments} skeleton={<RowsSkeleton rows={ROWS} />}>
        {(all) => (
          <ul className={classes.list}>
            {all
              .filter(({ name }) => environment === undefined || name === environment)
              .filter(({ name }) => may('policies.read', name))
              .map(({ name }) => (
                <Conformity key={name} organization={organization} environment={name} />
              ))}
          </ul>
        )}
      </Loaded>
    </Section>
  )
}

interface ConformityProps {
  readonly organization: string
  readonly environment: string
}

function Conformity({ organization, environment }: ConformityProps) {
  const query = useQuery(policyQuery(organization, environment))
  const { conformity } = t.overview
  return (
    <li className={classes.environment}>
      <Loaded query={query} skeleton={<RowsSkeleton rows={1} />}>
        {({ mode, conformity: { total, conforming } }) => {
          const words = conformity.of(conforming, total)
          return (
            <>
              <div className={classes.head}>
                <strong>{environment}</strong>
                <Id>{mode}</Id>
                <span className={classes.count}>
                  {conforming === total ? words : <State tone="bad">{words}</State>}
                </span>
              </div>
              {total === 0 ? (
                <p className={classes.none}>{conformity.empty}</p>
              ) : (
                <Bars
                  good={conforming}
                  bad={total - conforming}
                  label={conformity.label(conforming, total - conforming)}
                />
              )}
            </>
          )
        }}
      </Loaded>
    </li>
  )
}
