import type { SetPolicyOutput } from '@sallyport/sdk'
import { SmallTable } from '../../parts/table/small-table.tsx'
import { State } from '../../parts/state.tsx'
import { t } from '../../texts/texts.ts'
import classes from './affected.module.css'
import { PipelineLink } from './pipeline-link.tsx'

interface AffectedProps extends Pick<SetPolicyOutput, 'affected'> {
  readonly organization: string
}

/** The deployments that would not conform, with all that each lacks. */
export function Affected({ organization, affected }: AffectedProps) {
  const { caption, deployment, version, missing } = t.policies.preview
  return (
    <div className={classes.inset}>
      <SmallTable
        isWrapping
        caption={caption}
        columns={[{ word: deployment }, { word: version, leaves: true }, { word: missing }]}
      >
        {affected.map((one) => (
          <tr key={one.deploymentId}>
            <td className={classes.name}>
              <PipelineLink organization={organization} pipeline={one.pipeline} />
              <span className={classes.below}>{one.version}</span>
            </td>
            <td data-leaves="true">{one.version}</td>
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
    </div>
  )
}
