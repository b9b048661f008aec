import { useNavigate, useSearch } from '@tanstack/react-router'
import { usePlace } from '../../shell/organization.ts'
import classes from './access-policies.module.css'
import { EnvironmentCard } from './environment-card.tsx'
import { History } from './history.tsx'
import { ModeChoice } from './mode-choice.tsx'
import { Preview } from './preview.tsx'
import type { EnvironmentPolicy } from './queries.ts'
import { t } from '../../texts/texts.ts'

interface AccessPoliciesProps {
  readonly organization: string
  readonly all: readonly EnvironmentPolicy[]
}

/** A card for each environment; below them the mode of one, what another mode would change, and its history. */
export function AccessPolicies({ organization, all }: AccessPoliciesProps) {
  const place = usePlace()
  const { mode } = useSearch({ from: '/signed-in/organizations/$organization/policies' })
  const navigate = useNavigate()
  const chosen = all.find(({ environment }) => environment === place.environment) ?? all.at(-1)
  if (chosen === undefined) return null
  const { environment, policy } = chosen
  const considered = mode === policy.mode ? undefined : mode
  const consider = (next: typeof mode): void =>
    void navigate({
      to: '.',
      search: (search) => ({ ...search, mode: next === policy.mode ? undefined : next }),
      replace: true,
      resetScroll: false,
    })
  return (
    <>
      <nav className={classes.cards} data-promotion aria-label={t.policies.environments}>
        {all.map((one) => (
          <EnvironmentCard
            key={one.environment}
            {...one}
            organization={organization}
            isOpen={one === chosen}
          />
        ))}
      </nav>
      <div className={classes.columns}>
        <div>
          <h2 className={classes.heading}>{t.policies.demands(environment)}</h2>
          <ModeChoice
            inForce={policy.mode}
            value={considered ?? policy.mode}
            mayChange={place.may('policies.write', environment)}
            onChange={consider}
          />
          {considered !== undefined && (
            <Preview
              organization={organization}
              environment={environment}
              policy={policy}
              mode={considered}
              onDone={() => consider(undefined)}
            />
          )}
        </div>
        <History organization={organization} environment={environment} />
      </div>
    </>
  )
}
