import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { planQuery, plansQuery } from '../../../data/plans.ts'
import { Absent } from '../../../parts/absent.tsx'
import { Opened } from '../../../parts/layers/opened.tsx'
import { PanelSection } from '../../../parts/layers/side-panel.tsx'
import section from '../../../parts/section-head.module.css'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { Item, ItemList } from '../../../parts/table/item-list.tsx'
import text from '../../../parts/text.module.css'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { CreatePlan } from './create-plan.tsx'
import { EditPlan } from './edit-plan.tsx'
import { limitsInWords, planLimitsOf } from './plan-limits.ts'
import { RemovePlan } from './remove-plan.tsx'

interface PlansProps {
  readonly organization: string
  readonly environment: string
}

/** A question or a form about one plan. */
interface Asked {
  readonly what: 'change' | 'remove'
  readonly plan: string
}

/** The rate limits that consumers of an environment can have. */
export function Plans({ organization, environment }: PlansProps) {
  const { may } = usePlace()
  const query = useQuery(plansQuery(organization, environment))
  const [creates, setCreates] = useState(false)
  const [asked, setAsked] = useState<Asked>()
  const words = t.environments.plans
  const mayChange = may('consumers.write', environment)
  return (
    <PanelSection label={words.title}>
      <div className={section.head}>
        <div>
          <h3>{words.title}</h3>
          <p className={text.meta}>{words.text}</p>
        </div>
        {mayChange && (
          <Button size="compact-xs" aria-label={words.addTitle(environment)} onClick={() => setCreates(true)}>
            {words.add}
          </Button>
        )}
      </div>
      <Loaded query={query} skeleton={<RowsSkeleton rows={1} />}>
        {(plans) =>
          plans.length === 0 ? (
            <Absent>{words.none}</Absent>
          ) : (
            <ItemList label={words.title}>
              {plans.map((plan) => (
                <Item
                  key={plan.name}
                  end={
                    mayChange && (
                      <>
                        <Button
                          size="compact-xs"
                          variant="subtle"
                          aria-label={words.changeOf(plan.name)}
                          onClick={() => setAsked({ what: 'change', plan: plan.name })}
                        >
                          {words.change}
                        </Button>
                        <Button
                          size="compact-xs"
                          variant="subtle"
                          aria-label={words.removeOf(plan.name)}
                          onClick={() => setAsked({ what: 'remove', plan: plan.name })}
                        >
                          {words.removeWord}
                        </Button>
                      </>
                    )
                  }
                >
                  {plan.name}
                  {plan.title !== null && ` · ${plan.title}`}
                  <div className={text.meta}>{limitsInWords(planLimitsOf(plan))}</div>
                </Item>
              ))}
            </ItemList>
          )
        }
      </Loaded>
      {creates && (
        <CreatePlan organization={organization} environment={environment} onClose={() => setCreates(false)} />
      )}
      {asked !== undefined && (
        <AskedPlan
          organization={organization}
          environment={environment}
          asked={asked}
          onClose={() => setAsked(undefined)}
        />
      )}
    </PanelSection>
  )
}

interface AskedPlanProps extends PlansProps {
  readonly asked: Asked
  readonly onClose: () => void
}

function AskedPlan({ organization, environment, asked: { what, plan }, onClose }: AskedPlanProps) {
  const query = useQuery({ ...planQuery(organization, environment, plan), staleTime: 0 })
  const { changeTitle, removeTitle } = t.environments.plans
  const title = what === 'change' ? changeTitle(plan) : removeTitle(plan)
  return (
    <Opened title={title} query={query} onClose={onClose}>
      {(shown) =>
        what === 'change' ? (
          <EditPlan organization={organization} shown={shown} onClose={onClose} />
        ) : (
          <RemovePlan organization={organization} plan={shown} onClose={onClose} />
        )
      }
    </Opened>
  )
}
