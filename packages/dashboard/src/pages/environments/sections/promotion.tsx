import { Button, Switch } from '@mantine/core'
import type { Environment } from '@sallyport/sdk'
import { Link } from '@tanstack/react-router'
import { PanelSection } from '../../../parts/layers/side-panel.tsx'
import section from '../../../parts/section-head.module.css'
import { Failure } from '../../../parts/states/failure.tsx'
import text from '../../../parts/text.module.css'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { useUpdateEnvironment } from '../mutations.ts'

interface PromotionProps {
  readonly organization: string
  /** In the order of promotion. */
  readonly all: readonly Environment[]
  readonly shown: Environment
}

/** Where an environment stands in the order of promotion, and what can go live in it. */
export function Promotion({ organization, all, shown }: PromotionProps) {
  const { may } = usePlace()
  const update = useUpdateEnvironment(organization)
  const { panel } = t.environments
  const { name, position, requiresPrevious } = shown
  const before = all[position - 1]
  const move = (to: number): void =>
    update.mutate({ environment: name, position: to, words: panel.moved(name, to + 1) })
  return (
    <PanelSection label={panel.promotion}>
      <div className={section.head}>
        <h3>{panel.promotion}</h3>
        {may('organization.write', undefined) && all.length > 1 && (
          <>
            {position > 0 && (
              <Button size="compact-xs" loading={update.isPending} onClick={() => move(position - 1)}>
                {panel.earlier}
              </Button>
            )}
            {position < all.length - 1 && (
              <Button size="compact-xs" loading={update.isPending} onClick={() => move(position + 1)}>
                {panel.later}
              </Button>
            )}
          </>
        )}
      </div>
      {before === undefined ? (
        <p className={text.meta}>{panel.first}</p>
      ) : (
        <Switch
          label={panel.requiresPrevious(before.name)}
          description={panel.requiresHint}
          checked={requiresPrevious}
          disabled={!may('organization.write', name) || update.isPending}
          onChange={() =>
            update.mutate({
              environment: name,
              requiresPrevious: !requiresPrevious,
              words: requiresPrevious ? panel.takesAny(name) : panel.requires(name, before.name),
            })
          }
        />
      )}
      {may('policies.read', name) && (
        <p>
          <Link
            to="/organizations/$organization/policies"
            params={{ organization }}
            search={{ environment: name }}
          >
            {panel.policies}
          </Link>
        </p>
      )}
      {update.error !== null && (
        <Failure error={update.error} retry={() => update.mutate(update.variables)} />
      )}
    </PanelSection>
  )
}
