import { Button } from '@mantine/core'
import type { ListedDeployment, Pipeline } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { environmentsQuery } from '../../../data/environments.ts'
import { PageHead } from '../../../parts/page-head.tsx'
import { Split } from '../../../parts/split.tsx'
import { say } from '../../../parts/messages/say.ts'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { useAct, useTarget } from '../deploy/use-act.ts'
import { gateQuery } from '../data/act.ts'
import { DeploymentsTab } from '../deployments/deployments-tab.tsx'
import { RemovePipeline } from '../deployments/remove-pipeline.tsx'
import { Undeploy } from '../deployments/undeploy.tsx'
import { useSaveVersion } from '../data/mutations.ts'
import { historyQuery, versionsQuery } from '../data/queries.ts'
import { MaintenanceDialog } from '../maintenance/maintenance-dialog.tsx'
import { SpecTab } from '../edit/spec-tab.tsx'
import { parseSpec } from '../spec/spec-text.ts'
import { VersionsTab } from '../versions/versions-tab.tsx'
import { DraftGuard } from './draft-guard.tsx'
import { PipelineInForce } from './pipeline-in-force.tsx'
import { PipelinePanel } from './pipeline-panel.tsx'
import { PipelineTabs } from './pipeline-tabs.tsx'
import { CLOSED } from '../address/search.ts'
import { ToPipelines } from './to-pipelines.tsx'
import { useDraft } from '../edit/use-draft.ts'
import { useReading } from '../edit/use-reading.ts'
import { usePipelineSearch } from '../address/use-pipeline-search.ts'

interface PipelineWorkProps {
  readonly organization: string
  readonly shown: Pipeline
}

/** What can be seen of a pipeline and done with it. The text of its spec stays while one looks elsewhere on the page. */
export function PipelineWork({ organization, shown }: PipelineWorkProps) {
  const { may } = usePlace()
  const { search, set } = usePipelineSearch()
  const { tab = 'spec' } = search
  const draft = useDraft(shown)
  const reading = useReading(draft.text)
  const save = useSaveVersion(organization, shown.name)
  const history = useQuery(historyQuery(organization, shown.name)).data
  const versions = useQuery(versionsQuery(organization, shown.name)).data
  const live = useLive(organization, history)
  const target = useTarget(shown, live)
  const act = useAct(shown, history ?? [])
  const isGateShown = act !== undefined && act.version === shown.version && !draft.isChanged
  const gate = useQuery({
    ...gateQuery(organization, act ?? NO_ACT),
    enabled: isGateShown,
  })
  const refused = isGateShown && gate.data?.passes === false ? gate.data.violations : []
  const saveAs = (bump: 'minor' | 'major'): void => {
    const parsed = reading.isCurrent ? reading.parsed : parseSpec(draft.text)
    if (!parsed.ok || !draft.isChanged || save.isPending) return
    const comment = draft.comment.trim()
    save.mutate(
      { spec: parsed.spec, bump, base: draft.base, ...(comment !== '' && { comment }) },
      {
        onSuccess: ({ version }) => {
          draft.discard()
          say(t.pipeline.saved(shown.name, version))
        },
      },
    )
  }
  return (
    <Split
      panel={
        search.panel !== undefined && (
          <PipelinePanel
            organization={organization}
            shown={shown}
            live={live}
            act={act}
            draft={draft}
            parsed={reading.parsed}
            onClose={() => set(CLOSED)}
          />
        )
      }
    >
      <PageHead title={shown.name} parent={<ToPipelines />}>
        {live.some(({ url }) => url !== null) && (
          <Button variant="subtle" onClick={() => set({ ...CLOSED, panel: 'try', to: act?.environment })}>
            {t.pipeline.try.open}
          </Button>
        )}
        {may('pipelines.deploy') && (
          <Button
            variant={search.panel === undefined && !draft.isChanged ? 'filled' : 'default'}
            onClick={() => set({ ...CLOSED, panel: 'deploy', to: target })}
          >
            {t.pipeline.deploy.open}
          </Button>
        )}
      </PageHead>
      <PipelineInForce live={live} isKnown={history !== undefined} />
      <PipelineTabs
        open={tab}
        amounts={{
          ...(history !== undefined && { deployments: live.length }),
          ...(versions !== undefined && { versions: versions.length }),
        }}
      />
      {tab === 'spec' && (
        <SpecTab
          shown={shown}
          draft={draft}
          reading={reading}
          violations={refused}
          save={save}
          saveAs={saveAs}
          at={search.at}
          mayWrite={may('pipelines.write')}
        />
      )}
      {tab === 'deployments' && <DeploymentsTab organization={organization} shown={shown} />}
      {tab === 'versions' && <VersionsTab organization={organization} shown={shown} live={live} />}
      {search.dialog === 'undeploy' && search.deployment !== undefined && (
        <Undeploy
          organization={organization}
          id={search.deployment}
          history={history ?? []}
          onClose={() => set(CLOSED)}
        />
      )}
      {search.dialog === 'maintenance' && search.deployment !== undefined && (
        <MaintenanceDialog
          key={search.deployment}
          organization={organization}
          id={search.deployment}
          history={history ?? []}
          onClose={() => set(CLOSED)}
        />
      )}
      {search.dialog === 'remove' && (
        <RemovePipeline organization={organization} shown={shown} onClose={() => set(CLOSED)} />
      )}
      <DraftGuard isActive={draft.isChanged} />
    </Split>
  )
}

/** What is live, in the order of promotion. */
function useLive(
  organization: string,
  history: readonly ListedDeployment[] | undefined,
): readonly ListedDeployment[] {
  const { data: environments } = useQuery(environmentsQuery(organization))
  return useMemo(() => {
    const places = environments?.map(({ name }) => name) ?? []
    const rank = ({ environment }: ListedDeployment): number => places.indexOf(environment)
    return (history ?? [])
      .filter(({ endedAt }) => endedAt === null)
      .toSorted((one, other) => rank(one) - rank(other))
  }, [environments, history])
}

const NO_ACT = { kind: 'deploy', pipeline: '', version: '', environment: '', from: undefined } as const
