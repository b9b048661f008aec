import type { CreatePipelineInput, CreateVersionInput, Pipeline } from '@sallyport/sdk'
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { WAIT_SECONDS } from '../../../data/change.ts'
import { useGuardedChange } from '../../../data/edits/guarded-change.ts'
import { sallyport } from '../../../data/sallyport.ts'
import { type Act, carryOut } from './act.ts'
import { pipelineQuery } from './queries.ts'

/** What is read again after a change of a pipeline. */
const KINDS = ['pipelines', 'pipeline', 'versions', 'deployments', 'conformity', 'policies', 'projects']

/** Reads again what a change of a pipeline concerns. */
export async function refreshPipelines(queries: QueryClient, organization: string): Promise<void> {
  await Promise.all(KINDS.map((kind) => queries.invalidateQueries({ queryKey: [kind, organization] })))
}

/** A change of a pipeline; it is over when what the pages show of pipelines is read again. */
function usePipelineChange<Input, Output>(organization: string, change: (input: Input) => Promise<Output>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: async () => await refreshPipelines(queries, organization),
  })
}

interface Creation {
  readonly input: CreatePipelineInput
  /** A project to create first. */
  readonly newProject: string | undefined
}

export function useCreatePipeline(organization: string) {
  return usePipelineChange(organization, async ({ input, newProject }: Creation) => {
    if (newProject !== undefined) await createProject(organization, newProject)
    return await sallyport.createPipeline({ ...input, organization })
  })
}

/** A project that was created before the pipeline was refused is there already. */
async function createProject(organization: string, name: string): Promise<void> {
  const projects = await sallyport.listProjects({ organization }).toArray()
  if (!projects.some((project) => project.name === name))
    await sallyport.createProject({ organization, name })
}

interface NewVersion {
  readonly spec: unknown
  readonly bump: 'minor' | 'major'
  /** The version that it is a change of. If another one is the newest by now, nothing is saved. */
  readonly base: string
  /** What has changed and why. */
  readonly comment?: string
}

/** Saves a spec as the next version. The server says what is wrong with it. */
export function useSaveVersion(organization: string, pipeline: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ spec, ...version }: NewVersion) =>
      await sallyport.createVersion({
        organization,
        pipeline,
        spec: spec as CreateVersionInput['spec'],
        ...version,
      }),
    // Also after a refusal: another person may have saved a version.
    onSettled: async () => await refreshPipelines(queries, organization),
  })
}

export function useCarryOut(organization: string) {
  return usePipelineChange(
    organization,
    async (act: Act) => await carryOut(organization, act, { dryRun: false, wait: WAIT_SECONDS }),
  )
}

export function useUndeploy(organization: string) {
  return usePipelineChange(
    organization,
    async (deployment: string) => await sallyport.undeploy({ organization, deployment, wait: WAIT_SECONDS }),
  )
}

export function useRemovePipeline(organization: string) {
  return useGuardedChange(organization, {
    thing: 'pipeline',
    query: ({ name }: Pick<Pipeline, 'name'>) => pipelineQuery(organization, name),
    // Only the list: the pipeline itself is gone.
    kinds: ['pipelines'],
    change: async ({ name }, options) =>
      await sallyport.removePipeline({ organization, pipeline: name }, options),
  })
}
