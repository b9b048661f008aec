import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { PageHead } from '../../../parts/page-head.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { Split } from '../../../parts/split.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { pipelineQuery } from '../data/queries.ts'
import { PipelineWork } from './pipeline-work.tsx'
import { ToPipelines } from './to-pipelines.tsx'

const ROWS = 10

/** One pipeline: its spec, what is live of it, and its versions. */
export function PipelinePage() {
  const { organization } = usePlace()
  const { pipeline } = useParams({ from: '/signed-in/organizations/$organization/pipelines/$pipeline' })
  const query = useQuery(pipelineQuery(organization, pipeline))
  if (query.data !== undefined) {
    return <PipelineWork key={pipeline} organization={organization} shown={query.data} />
  }
  return (
    <Split panel={false}>
      <PageHead title={pipeline} parent={<ToPipelines />} />
      <Loaded query={query} skeleton={<RowsSkeleton rows={ROWS} />}>
        {() => null}
      </Loaded>
    </Split>
  )
}
