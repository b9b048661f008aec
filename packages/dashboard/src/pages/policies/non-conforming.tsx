import { useQuery } from '@tanstack/react-query'
import { Fact, Facts } from '../../parts/facts.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { PanelSection, SidePanel } from '../../parts/layers/side-panel.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { State } from '../../parts/state.tsx'
import { t } from '../../texts/texts.ts'
import classes from './non-conforming.module.css'
import { PipelineLink } from './pipeline-link.tsx'
import { nonConformingQuery } from './queries.ts'

interface NonConformingProps {
  readonly organization: string
  readonly environment: string
  readonly onClose: () => void
}

/** The live deployments of an environment that do not conform, with all that each lacks. */
export function NonConforming({ organization, environment, onClose }: NonConformingProps) {
  const query = useQuery(nonConformingQuery(organization, environment))
  const { title, about, all, required, found, fix } = t.policies.drawer
  return (
    <SidePanel title={title(environment)} about={about} onClose={onClose}>
      <Loaded query={query} skeleton={<RowsSkeleton rows={6} />}>
        {(deployments) =>
          deployments.length === 0 ? (
            <PanelSection label={title(environment)}>
              <p>{all}</p>
            </PanelSection>
          ) : (
            deployments.map(({ deploymentId, pipeline, version, violations }) => (
              <PanelSection key={deploymentId} label={pipeline}>
                <h3>
                  <PipelineLink organization={organization} pipeline={pipeline} /> {version}
                </h3>
                {violations.map((violation) => (
                  <div key={violation.rule + violation.path} className={classes.violation}>
                    <State tone="bad">{t.policies.rule(violation.rule)}</State>
                    <Facts>
                      <Fact name={required}>
                        <code>{violation.required}</code>
                      </Fact>
                      <Fact name={found}>
                        <code>{violation.found}</code>
                      </Fact>
                      <Fact name={fix}>{violation.fix}</Fact>
                    </Facts>
                  </div>
                ))}
              </PanelSection>
            ))
          )
        }
      </Loaded>
    </SidePanel>
  )
}
