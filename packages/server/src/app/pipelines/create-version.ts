import { type SpecDraft, versionText } from '@sallyport/core'
import type { VersionRow } from '../../store/port/pipelines.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedPipeline } from '../access/permitted-pipeline.ts'
import { requireQuota } from '../quotas/require-quota.ts'
import { requireNone } from '../refusals.ts'
import { nextVersion, specErrors, storedBytes, versionRow } from './versions.ts'

export interface CreateVersionInput {
  readonly organization: string
  readonly pipeline: string
  /** The valid spec as the developer wrote it. */
  readonly source: unknown
  readonly draft: SpecDraft
  /** The next minor of the highest major, or the next major. */
  readonly bump: 'minor' | 'major'
}

/** Saves a new version of a pipeline. Live deployments stay the same until the version is deployed. */
export async function createVersion(
  context: OperationContext,
  input: CreateVersionInput,
): Promise<VersionRow> {
  const { organization, source, bump } = input
  const { value } = await context.store.write(async (tx) => {
    const pipeline = await permittedPipeline(context, tx, organization, input.pipeline, 'pipelines.write')
    requireNone(specErrors('/spec', source))
    const number = await nextVersion(tx.pipelines, organization, input.pipeline, bump)
    const version = versionRow(context, pipeline, number, input)
    await requireQuota(context, tx, organization, { versions: 1, versionBytes: storedBytes(version) })
    await tx.pipelines.insertVersion(version)
    tx.audit(
      auditEntry(context, organization, 'pipelines.save', `pipeline/${input.pipeline}`, {
        after: { version: versionText(number) },
      }),
    )
    return version
  })
  return value
}
