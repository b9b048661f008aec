import type { SetPolicyOutput } from '@sallyport/sdk'
import { SmallTable } from '../../parts/table/small-table.tsx'
import { State } from '../../parts/state.tsx'
import { t } from '../../texts/texts.ts'
import classes from './affected.module.css'

/** The deployments that would not conform, with all that each lacks. */
export function Affected({ affected }: Pick<SetPolicyOutput, 'affected'>) {
  const { caption, deployment, version, missing } = t.policies.preview
  return (
    <SmallTable
      isWrapping
      caption={caption}
      columns={[{ word: deployment }, { word: version }, { word: missing }]}
    >
      {affected.map((one) => (
        <tr key={one.deploymentId}>
          <td className={classes.name}>{one.pipeline}</td>
          <td>{one.version}</td>
          <td>
            <ul>
              {one.violations.map(({ rule, path, fix }) => (
                <li key={rule + path}>
                  <State tone="bad">{t.policies.rule(rule)}</State>
                  <span className={classes.fix}>{fix}</span>
                </li>
              ))}
            </ul>
          </td>
        </tr>
      ))}
    </SmallTable>
  )
}
