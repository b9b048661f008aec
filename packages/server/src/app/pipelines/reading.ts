import { parseVersion } from '@sallyport/core'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { PipelineRow, VersionRow } from '../../store/port/pipelines.ts'
import type { ScheduleRunRow } from '../../store/port/schedule-runs.ts'
import type { OperationContext } from '../access/context.ts'
import { requireKnown } from '../access/known-filters.ts'
import { notFound, visibleScopes } from '../access/permission-checks.ts'
import { permittedPipeline } from '../access/permitted-pipeline.ts'
import type { PipelineWithVersion } from './create-pipeline.ts'

export interface GetPipelineInput {
  readonly organization: string
  readonly pipeline: string
}

/** Returns one pipeline with its highest version. */
export async function getPipeline(
  context: OperationContext,
  input: GetPipelineInput,
): Promise<PipelineWithVersion> {
  const { organization } = input
  const { pipelines } = context.store.read
  const pipeline = await permittedPipeline(
    context,
    context.store.read,
    organization,
    input.pipeline,
    'pipelines.read',
  )
  const version = await pipelines.latestVersion(organization, input.pipeline)
  // A pipeline without a version was removed between the two reads.
  if (version === undefined) throw notFound(`pipeline "${input.pipeline}"`)
  return { pipeline, version }
}

export interface ListPipelinesInput extends PageRequest {
  readonly organization: string
  readonly project?: string | undefined
}

export interface ListedPipeline extends PipelineRow {
  /** The highest version, such as `1.0`. */
  readonly version: string
}

/** Lists the pipelines that the actor may read, each with its highest version. */
export async function listPipelines(
  context: OperationContext,
  input: ListPipelinesInput,
): Promise<Page<ListedPipeline>> {
  const { organization, project } = input
  const visible = visibleScopes(context, organization, 'pipelines.read', ['project', 'pipeline'])
  const filter = project === undefined ? {} : { project }
  const { pipelines } = context.store.read
  const { items, next } = await pipelines.list(organization, { ...input, visible }, filter)
  if (items.length === 0) await requireKnown(context, organization, 'pipelines.read', { project })
  const versions = await pipelines.latestVersions(
    organization,
    items.map(({ name }) => name),
  )
  const listed = items.flatMap((row) => {
    const version = versions.get(row.name)
    // A pipeline without a version was removed between the two reads.
    return version === undefined ? [] : [{ ...row, version }]
  })
  return { items: listed, next }
}

export interface ListVersionsInput extends PageRequest {
  readonly organization: string
  readonly pipeline: string
}

/** Lists the versions of one pipeline. */
export async function listVersions(
  context: OperationContext,
  input: ListVersionsInput,
): Promise<Page<VersionRow>> {
  const { organization, pipeline } = input
  const { pipelines } = context.store.read
  await permittedPipeline(context, context.store.read, organization, pipeline, 'pipelines.read')
  return await pipelines.listVersions(organization, pipeline, input)
}

export interface GetVersionInput extends GetPipelineInput {
  /** Such as `1.0`. */
  readonly version: string
}

/** Returns one version of a pipeline. */
export async function getVersion(
  context: OperationContext,
  { organization, pipeline, version }: GetVersionInput,
): Promise<VersionRow> {
  const { read } = context.store
  await permittedPipeline(context, read, organization, pipeline, 'pipelines.read')
  const number = parseVersion(version)
  const row = number.ok
    ? await read.pipelines.version(organization, pipeline, number.value.major, number.value.minor)
    : undefined
  if (row === undefined) throw notFound(`version "${version}" of ${pipeline}`)
  return row
}

export interface ListScheduleRunsInput extends PageRequest {
  readonly organization: string
  readonly pipeline: string
  readonly environment: string
}

/** Lists the runs of a scheduled pipeline in one environment, newest first. */
export async function listScheduleRuns(
  context: OperationContext,
  input: ListScheduleRunsInput,
): Promise<Page<ScheduleRunRow>> {
  const { organization, pipeline, environment } = input
  const { scheduleRuns } = context.store.read
  await permittedPipeline(context, context.store.read, organization, pipeline, 'pipelines.read', environment)
  const page = await scheduleRuns.list(organization, environment, pipeline, input)
  if (page.items.length === 0) await requireKnown(context, organization, 'pipelines.read', { environment })
  return page
}
