import { type VersionNumber, versionText } from '@sallyport/core'
import type { PipelineReader, VersionRow } from '../../store/port/pipelines.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedPipeline } from '../access/permitted-pipeline.ts'
import { requireQuota } from '../quotas/require-quota.ts'
import { conflict, requireNone } from '../refusals.ts'
import { nextVersion, specErrors, storedBytes, type VersionContent, versionRow } from './versions.ts'

export interface CreateVersionInput extends VersionContent {
  readonly organization: string
  readonly pipeline: string
  /** The version that the spec is a change of. */
  readonly base?: VersionNumber | null | undefined
  /** The next minor of the highest major, or the next major. */
  readonly bump: 'minor' | 'major'
}

/**
 * Saves a new version of a pipeline. Live deployments stay the same until the version is deployed.
 *
 * @throws Problem `conflict` if the base is no longer the latest version
 */
export async function createVersion(
  context: OperationContext,
  input: CreateVersionInput,
): Promise<VersionRow> {
  const { organization, source, bump } = input
  const { value } = await context.store.write(async (tx) => {
    const pipeline = await permittedPipeline(context, tx, organization, input.pipeline, 'pipelines.write')
    requireNone(specErrors('/spec', source))
    await requireLatest(tx.pipelines, input)
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

/** A version that was saved since must not be lost. */
async function requireLatest(
  pipelines: PipelineReader,
  { organization, pipeline, base }: CreateVersionInput,
): Promise<void> {
  if (base == null) return
  const latest = await pipelines.latestVersion(organization, pipeline)
  if (latest === undefined || (latest.major === base.major && latest.minor === base.minor)) return
  const [newest, old] = [versionText(latest), versionText(base)]
  throw conflict(
    `Version ${newest} is the latest one, not ${old}. Compare your spec with it, then save with "base": "${newest}".`,
  )
}
