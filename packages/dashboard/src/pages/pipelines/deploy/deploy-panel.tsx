import { Select } from '@mantine/core'
import type { ListedDeployment, Pipeline } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { Note } from '../../../parts/states/note.tsx'
import { PanelSection, SidePanel } from '../../../parts/layers/side-panel.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { t } from '../../../texts/texts.ts'
import { usePlace } from '../../../shell/organization.ts'
import { usePipelineSearch } from '../address/use-pipeline-search.ts'
import { useCarryOut } from '../data/mutations.ts'
import { policyQuery } from '../../../data/environments.ts'
import { versionsQuery } from '../data/queries.ts'
import { type Act, gateQuery } from '../data/act.ts'
import classes from './deploy-panel.module.css'
import { Deployed } from './deployed.tsx'
import { Passing } from './passing.tsx'
import { Refused } from './refused.tsx'
import { useTargets } from './use-act.ts'

interface DeployPanelProps {
  readonly organization: string
  readonly shown: Pipeline
  readonly live: readonly ListedDeployment[]
  readonly act: Act | undefined
  /** Whether there are changes that are not saved. */
  readonly hasDraft: boolean
  readonly onClose: () => void
}

/** Brings a version live: what the gate says, what to fix, and the deployment. */
export function DeployPanel({ organization, shown, live, act, hasDraft, onClose }: DeployPanelProps) {
  const { deploy } = t.pipeline
  return (
    <SidePanel
      title={act === undefined ? deploy.open : deploy.titles[act.kind](act.environment)}
      about={act !== undefined && <About organization={organization} act={act} live={live} />}
      onClose={onClose}
    >
      <PanelSection label={deploy.choices}>
        <Choices organization={organization} shown={shown} act={act} />
        {hasDraft && (
          <Note tone="warn" title={deploy.draft}>
            {deploy.draftNext}
          </Note>
        )}
      </PanelSection>
      {act === undefined ? (
        <PanelSection label={deploy.verdict}>
          <p>{deploy.unknown}</p>
        </PanelSection>
      ) : (
        <Gate key={JSON.stringify(act)} organization={organization} shown={shown} live={live} act={act} />
      )}
    </SidePanel>
  )
}

interface AboutProps {
  readonly organization: string
  readonly act: Act
  readonly live: readonly ListedDeployment[]
}

function About({ organization, act, live }: AboutProps) {
  const { may } = usePlace()
  const { data: policy } = useQuery({
    ...policyQuery(organization, act.environment),
    enabled: may('policies.read', act.environment),
  })
  const { deploy } = t.pipeline
  const serving = replacedBy(act, live)
  return (
    <span>
      {deploy.about(act.pipeline, act.version, act.environment)}
      {policy !== undefined && deploy.aboutPolicy(t.pipelines.modes[policy.mode], policy.version)}
      {serving !== undefined && serving.version !== act.version && deploy.keepsServing(serving.version)}
    </span>
  )
}

/** The live deployment that an act replaces: of the same major version in the same environment. */
export function replacedBy(act: Act, live: readonly ListedDeployment[]): ListedDeployment | undefined {
  const major = act.version?.split('.')[0]
  return live.find(
    ({ id, environment, version }) =>
      (id === act.from && act.kind === 'rollback') ||
      (environment === act.environment && version.split('.')[0] === major),
  )
}

interface ChoicesProps {
  readonly organization: string
  readonly shown: Pipeline
  readonly act: Act | undefined
}

function Choices({ organization, shown, act }: ChoicesProps) {
  const { search, set } = usePipelineSearch()
  const targets = useTargets()
  const { data: versions = [] } = useQuery(versionsQuery(organization, shown.name))
  const { deploy } = t.pipeline
  const isDeploy = search.panel === 'deploy'
  if (!isDeploy && search.panel !== 'promote') return null
  return (
    <div className={classes.choices}>
      {isDeploy && (
        <Select
          label={deploy.version}
          data={versions.map(({ version }) => version)}
          value={act?.version ?? shown.version}
          allowDeselect={false}
          searchable={versions.length > 10}
          onChange={(version) => set({ version: version ?? undefined })}
        />
      )}
      <Select
        label={deploy.environment}
        data={[...targets]}
        value={act?.environment ?? null}
        placeholder={deploy.choose}
        allowDeselect={false}
        onChange={(to) => set({ to: to ?? undefined })}
      />
    </div>
  )
}

interface GateProps {
  readonly organization: string
  readonly shown: Pipeline
  readonly live: readonly ListedDeployment[]
  readonly act: Act
}

function Gate({ organization, shown, live, act }: GateProps) {
  const verdict = useQuery(gateQuery(organization, act))
  const carryOut = useCarryOut(organization)
  const { deploy } = t.pipeline
  return (
    <PanelSection label={deploy.verdict}>
      {carryOut.data === undefined ? (
        <Loaded query={verdict} skeleton={<RowsSkeleton rows={4} />}>
          {(said) =>
            said.passes ? (
              <Passing
                organization={organization}
                act={act}
                plan={said.plan}
                replaced={replacedBy({ ...act, version: said.plan.version }, live)}
                isPending={carryOut.isPending}
                error={carryOut.error}
                onDeploy={() => carryOut.mutate(act)}
              />
            ) : (
              <Refused organization={organization} shown={shown} act={act} violations={said.violations} />
            )
          }
        </Loaded>
      ) : (
        <Deployed organization={organization} done={carryOut.data} />
      )}
    </PanelSection>
  )
}
