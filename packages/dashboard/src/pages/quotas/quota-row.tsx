import { Link, type LinkProps } from '@tanstack/react-router'
import { State } from '../../parts/state.tsx'
import { TwoLines } from '../../parts/table/two-lines.tsx'
import text from '../../parts/text.module.css'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import type { QuotaName, ShownQuota } from './fullness.ts'
import classes from './quotas-page.module.css'

interface Page {
  readonly to: NonNullable<LinkProps['to']>
  readonly permission: string
}

const PIPELINES: Page = { to: '/organizations/$organization/pipelines', permission: 'pipelines.read' }

/** Where what a quota counts can be removed. */
const PAGES: Readonly<Record<QuotaName, Page>> = {
  keys: { to: '/organizations/$organization/keys', permission: 'keys.read' },
  consumers: { to: '/organizations/$organization/consumers', permission: 'consumers.read' },
  pipelines: PIPELINES,
  versions: PIPELINES,
  versionBytes: PIPELINES,
  deployments: PIPELINES,
  routes: PIPELINES,
}

interface QuotaRowProps {
  readonly organization: string
  readonly quota: ShownQuota
}

/** One quota: its numbers, and its bar. */
export function QuotaRow({ organization, quota }: QuotaRowProps) {
  const { may } = usePlace()
  const { name, used, limit, share, fullness } = quota
  const { to, permission } = PAGES[name]
  const { names, counts, amount, of, part, states } = t.quotas
  return (
    <tr>
      <td>
        <TwoLines below={counts[name]}>
          {may(permission) ? (
            <Link to={to} params={{ organization }} search={({ environment }) => ({ environment })}>
              {names[name]}
            </Link>
          ) : (
            names[name]
          )}
        </TwoLines>
      </td>
      <td>
        <div className={classes.line}>
          <span>
            {amount(name, used)} <span className={text.dim}>{of(name, limit)}</span>
          </span>
          {fullness !== 'free' && (
            <State tone={fullness === 'full' ? 'bad' : 'warn'}>{states[fullness]}</State>
          )}
        </div>
        <div className={classes.bar} data-fullness={fullness}>
          <div className={classes.fill} style={{ width: `${Math.min(1, share) * 100}%` }} />
        </div>
      </td>
      <td data-number>{part(share)}</td>
    </tr>
  )
}
