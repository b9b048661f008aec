import type { Conformity, ListedDeployment, ListedPipeline } from '@sallyport/sdk'
import type { PipelinesSearch } from './search.ts'

/** A version that is live. */
export interface LiveVersion {
  readonly version: string
  /** Null if it is not known. */
  readonly isConforming: boolean | null
  readonly inMaintenance: boolean
}

/** A pipeline and what is live of it, by environment. */
export interface PipelineRow extends ListedPipeline {
  readonly live: ReadonlyMap<string, readonly LiveVersion[]>
}

interface Facts {
  readonly pipelines: readonly ListedPipeline[]
  readonly deployments: readonly ListedDeployment[]
  readonly conformity: readonly Conformity[]
}

/** Puts the pipelines together with their live versions. */
export function pipelineRows({ pipelines, deployments, conformity }: Facts): PipelineRow[] {
  const conforming = new Map(conformity.map((each) => [each.deploymentId, each.conforming]))
  const live = new Map<string, Map<string, LiveVersion[]>>()
  for (const { id, pipeline, environment, version, inMaintenance } of deployments) {
    const places = live.get(pipeline) ?? new Map<string, LiveVersion[]>()
    const versions = places.get(environment) ?? []
    versions.push({ version, isConforming: conforming.get(id) ?? null, inMaintenance })
    places.set(environment, versions)
    live.set(pipeline, places)
  }
  return pipelines.map((pipeline) => ({ ...pipeline, live: live.get(pipeline.name) ?? new Map() }))
}

/** The rows that fit the search and the filters, in their order. */
export function fittingRows(rows: readonly PipelineRow[], search: PipelinesSearch): PipelineRow[] {
  const { search: text = '', conforming, sort = 'name' } = search
  const word = text.toLowerCase()
  const fitting = rows.filter(
    (row) =>
      (row.name.includes(word) || row.project.includes(word)) &&
      (conforming === undefined || conforming === (isConforming(row) ? 'yes' : 'no')),
  )
  const sign = sort.startsWith('-') ? -1 : 1
  const by = sort.endsWith('createdAt') ? 'createdAt' : 'name'
  return fitting.sort((one, other) => sign * (one[by] < other[by] ? -1 : one[by] > other[by] ? 1 : 0))
}

/** Whether every live version conforms, as far as is known. */
function isConforming({ live }: PipelineRow): boolean {
  return [...live.values()].flat().every((each) => each.isConforming !== false)
}
