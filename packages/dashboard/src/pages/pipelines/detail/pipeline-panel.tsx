import type { ListedDeployment, Pipeline } from '@sallyport/sdk'
import { usePipelineSearch } from '../address/use-pipeline-search.ts'
import type { Act } from '../data/act.ts'
import { DeployPanel } from '../deploy/deploy-panel.tsx'
import type { Draft } from '../edit/use-draft.ts'
import { ExpressionPanel } from '../expressions/expression-panel.tsx'
import type { ParsedSpec } from '../spec/spec-text.ts'
import { TryPanel } from '../try/try-panel.tsx'

interface PipelinePanelProps {
  readonly organization: string
  readonly shown: Pipeline
  readonly live: readonly ListedDeployment[]
  readonly act: Act | undefined
  readonly draft: Draft
  /** The text as it was read last. */
  readonly parsed: ParsedSpec
  readonly onClose: () => void
}

/** What stands beside the page of a pipeline. The URL says which panel is open. */
export function PipelinePanel({
  organization,
  shown,
  live,
  act,
  draft,
  parsed,
  onClose,
}: PipelinePanelProps) {
  const { search } = usePipelineSearch()
  switch (search.panel) {
    case 'try':
      return <TryPanel organization={organization} shown={shown} live={live} onClose={onClose} />
    case 'expression':
      return (
        <ExpressionPanel
          organization={organization}
          spec={parsed.ok ? parsed.spec : shown.spec}
          onClose={onClose}
        />
      )
    default:
      return (
        <DeployPanel
          organization={organization}
          shown={shown}
          live={live}
          act={act}
          hasDraft={draft.isChanged}
          onClose={onClose}
        />
      )
  }
}
