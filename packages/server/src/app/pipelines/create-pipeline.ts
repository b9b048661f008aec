import type { ResourceName, SpecDraft } from '@sallyport/core'
import type { PipelineRow, VersionRow } from '../../store/port/pipelines.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { DEFAULT_PROJECT } from '../projects/create-project.ts'
import { requireQuota } from '../quotas/require-quota.ts'
import { conflict, invalidRequest, requireNone } from '../refusals.ts'
import { specErrors, storedBytes, versionRow } from './versions.ts'

export interface CreatePipelineInput {
  readonly organization: string
  readonly name: ResourceName
  /** Default: `default`. */
  readonly project?: string | undefined
  /** The valid spec as the developer wrote it. */
  readonly source: unknown
  readonly draft: SpecDraft
}
export interface PipelineWithVersion {
  readonly pipeline: PipelineRow
  /** The highest version. */
  readonly version: VersionRow
}

/**
 * Creates a pipeline with its version 1.0. The gate checks the version at deployment.
 *
 * @throws Problem `conflict` if the name is taken, `invalid_request` for a project that does not exist
 */
export async function createPipeline(
  context: OperationContext,
  input: CreatePipelineInput,
): Promise<PipelineWithVersion> {
  const { organization, name, project = DEFAULT_PROJECT, source } = input
  const { value } = await context.store.write(async (tx) => {
    requirePermission(context, organization, 'pipelines.write', { project, pipeline: name })
    requireNone(specErrors('/spec', source))
    if ((await tx.projects.get(organization, project)) === undefined) {
      throw invalidRequest([{ path: '/project', message: `There is no project "${project}".` }])
    }
    if ((await tx.pipelines.get(organization, name)) !== undefined) {
      throw conflict(
        `A pipeline named "${name}" already exists. Save a new version of it, or choose another name.`,
      )
    }
    const pipeline: PipelineRow = { organization, name, project, createdAtMs: context.nowMs() }
    const version = versionRow(context, pipeline, { major: 1, minor: 0 }, input)
    await requireQuota(context, tx, organization, {
      pipelines: 1,
      versions: 1,
      versionBytes: storedBytes(version),
    })
    await tx.pipelines.insert(pipeline)
    await tx.pipelines.insertVersion(version)
    // A spec can contain a credential for the upstream, so the log records the version without its content.
    tx.audit(
      auditEntry(context, organization, 'pipelines.create', `pipeline/${name}`, {
        after: { name, project, version: '1.0' },
      }),
    )
    return { pipeline, version }
  })
  return value
}
