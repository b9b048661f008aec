import { Link } from '@tanstack/react-router'
import { count } from '../../format/numbers.ts'
import { Actor } from '../../parts/actor.tsx'
import { Bars } from '../../parts/charts/bars.tsx'
import { State } from '../../parts/state.tsx'
import { When } from '../../parts/when.tsx'
import { t } from '../../texts/texts.ts'
import classes from './environment-card.module.css'
import type { EnvironmentPolicy } from './queries.ts'

interface EnvironmentCardProps extends EnvironmentPolicy {
  readonly organization: string
  readonly isOpen: boolean
}

/** The policy of an environment, and how many of its live deployments conform to it. */
export function EnvironmentCard({ organization, environment, policy, isOpen }: EnvironmentCardProps) {
  const { mode, version, updatedAt, updatedBy, conformity } = policy
  const { total, conforming } = conformity
  const not = total - conforming
  const { policies } = t
  return (
    <div className={classes.card} data-open={isOpen || undefined}>
      <div className={classes.line}>
        <Link
          to="."
          search={(search) => ({ ...search, environment, mode: undefined })}
          resetScroll={false}
          className={classes.name}
          aria-current={isOpen || undefined}
        >
          {environment}
        </Link>
        <code>{mode}</code>
        <span className={classes.end}>{policies.version(version)}</span>
      </div>
      <div className={classes.line}>
        <span className={classes.number}>{count(conforming)}</span>
        <span className={classes.dim}>{policies.ofTotal(total)}</span>
        {not > 0 && (
          <Link
            to="."
            search={(search) => ({ ...search, conformity: environment })}
            resetScroll={false}
            className={classes.not}
          >
            <State tone="bad">{policies.notConforming(not)}</State>
          </Link>
        )}
      </div>
      <Bars good={conforming} bad={not} label={policies.bars(conforming, 0, not)} />
      <p className={classes.meta}>
        {policies.modes[mode].rule}
        <br />
        {policies.since} <When at={updatedAt} as="day" /> {policies.by}{' '}
        <Actor organization={organization} id={updatedBy} />
      </p>
    </div>
  )
}
