import { Button, Switch } from '@mantine/core'
import type { Environment } from '@sallyport/sdk'
import { Link } from '@tanstack/react-router'
import { PanelSection } from '../../../parts/layers/side-panel.tsx'
import section from '../../../parts/section-head.module.css'
import { Failure } from '../../../parts/states/failure.tsx'
import text from '../../../parts/text.module.css'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { useMoveEnvironment, useRequirePrevious } from '../mutations.ts'

interface PromotionProps {
  readonly organization: string
  /** In the order of promotion. */
  readonly all: readonly Environment[]
  readonly shown: Environment
  /** As it was read alone; undefined while it is read. */
  readonly read: Environment | undefined
}

/** Where an environment stands in the order of promotion, and what can go live in it. */
export function Promotion({ organization, all, shown, read }: PromotionProps) {
  const { may } = usePlace()
  const moving = useMoveEnvironment(organization)
  const requiring = useRequirePrevious(organization)
  const { panel } = t.environments
  const { name, position, requiresPrevious } = shown
  const before = all[position - 1]
  const isPending = moving.isPending || requiring.isPending
  const move = (to: number): void => {
    if (read !== undefined) moving.mutate({ environment: name, position: to, seen: read })
  }
  return (
    <PanelSection label={panel.promotion}>
      <div className={section.head}>
        <h3>{panel.promotion}</h3>
        {read !== undefined && may('organization.write', undefined) && all.length > 1 && (
          <>
            {position > 0 && (
              <Button size="compact-xs" loading={isPending} onClick={() => move(position - 1)}>
                {panel.earlier}
              </Button>
            )}
            {position < all.length - 1 && (
              <Button size="compact-xs" loading={isPending} onClick={() => move(position + 1)}>
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
          disabled={!may('organization.write', name) || isPending}
          onChange={() =>
            requiring.mutate({
              environment: name,
              requiresPrevious: !requiresPrevious,
              before: before.name,
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
      {moving.error !== null && (
        <Failure error={moving.error} retry={() => moving.mutate(moving.variables)} />
      )}
      {requiring.error !== null && (
        <Failure error={requiring.error} retry={() => requiring.mutate(requiring.variables)} />
      )}
    </PanelSection>
  )
}
