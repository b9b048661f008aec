import {
  completeSpec,
  type Description,
  type SpecDraft,
  VERSION_NUMBER_MAX,
  type VersionNumber,
} from '@sallyport/core'
import type { PipelineReader, PipelineRow, VersionRow } from '../../store/port/pipelines.ts'
import type { OperationContext } from '../access/context.ts'
import type { FieldError } from '../refusals.ts'
import { conflict } from '../refusals.ts'

/** The most bytes of a spec as JSON. */
export const SPEC_BYTES_MAX = 256 * 1024

/** The problem of a spec that is too large. */
export function specErrors(path: string, source: unknown): FieldError[] {
  return Buffer.byteLength(JSON.stringify(source) ?? '') > SPEC_BYTES_MAX
    ? [{ path, message: `A spec has at most ${SPEC_BYTES_MAX} bytes.` }]
    : []
}

/**
 * The number of a pipeline's next version. Every save creates a new minor of the highest major, or a new major.
 *
 * @throws Problem `conflict` if the numbers are used up
 */
export async function nextVersion(
  pipelines: PipelineReader,
  organization: string,
  pipeline: string,
  bump: 'minor' | 'major',
): Promise<VersionNumber> {
  const latest = await pipelines.latestVersion(organization, pipeline)
  if (latest === undefined) return { major: 1, minor: 0 }
  const next =
    bump === 'major'
      ? { major: latest.major + 1, minor: 0 }
      : { major: latest.major, minor: latest.minor + 1 }
  if (next.major > VERSION_NUMBER_MAX || next.minor > VERSION_NUMBER_MAX) {
    throw conflict(`The largest major and minor number is ${VERSION_NUMBER_MAX}. Create a new pipeline.`)
  }
  return next
}

/** What a developer sends of a version. */
export interface VersionContent {
  /** The valid spec as the developer wrote it. */
  readonly source: unknown
  readonly draft: SpecDraft
  readonly comment?: Description | null | undefined
}

/** A version as it is stored: the spec as it was written, and the same spec with every default filled in. */
export function versionRow(
  context: OperationContext,
  { organization, name }: PipelineRow,
  { major, minor }: VersionNumber,
  { source, draft, comment = null }: VersionContent,
): VersionRow {
  return {
    organization,
    pipeline: name,
    major,
    minor,
    source,
    spec: completeSpec(draft, name, major),
    comment,
    createdAtMs: context.nowMs(),
    createdBy: context.actor.id,
  }
}

/** The size of a version as it is stored, in bytes. */
export function storedBytes({ source, spec }: VersionRow): number {
  return Buffer.byteLength(JSON.stringify(source)) + Buffer.byteLength(JSON.stringify(spec))
}
