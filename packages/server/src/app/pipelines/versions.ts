import type { SpecDraft } from '@sallyport/core'
import { completeSpec } from '@sallyport/core'
import type { PipelineReader, PipelineRow, VersionRow } from '../../store/port/pipelines.ts'
import type { OperationContext } from '../access/context.ts'
import type { FieldError } from '../refusals.ts'
import { conflict, invalidRequest } from '../refusals.ts'

/** The most bytes of a spec as JSON. */
export const SPEC_BYTES_MAX = 256 * 1024
/** The largest major or minor number. */
const VERSION_NUMBER_MAX = 999_999

const VERSION = /^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$/

export interface VersionNumber {
  readonly major: number
  readonly minor: number
}

/** How a version is written: `major.minor`. */
export function versionText({ major, minor }: VersionNumber): string {
  return `${major}.${minor}`
}

/** @throws Problem `invalid_request` for anything but `major.minor` */
export function readVersion(path: string, text: string): VersionNumber {
  const match = VERSION.exec(text)
  if (match === null)
    throw invalidRequest([{ path, message: 'A version is written major.minor, such as 1.0.' }])
  return { major: Number(match[1]), minor: Number(match[2]) }
}

/** What is wrong with the size of a spec. */
export function specErrors(path: string, source: unknown): FieldError[] {
  return Buffer.byteLength(JSON.stringify(source) ?? '') > SPEC_BYTES_MAX
    ? [{ path, message: `A spec has at most ${SPEC_BYTES_MAX} bytes.` }]
    : []
}

/**
 * The number of a pipeline's next version. Every save makes a new minor of the highest major, or a new major.
 *
 * @throws Problem `conflict` when the numbers are used up
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
    throw conflict(`A version's numbers end at ${VERSION_NUMBER_MAX}.`)
  }
  return next
}

/** A version as it is kept: the spec as it was written, and with every default filled in. */
export function versionRow(
  context: OperationContext,
  { organization, name }: PipelineRow,
  { major, minor }: VersionNumber,
  { source, draft }: { readonly source: unknown; readonly draft: SpecDraft },
): VersionRow {
  return {
    organization,
    pipeline: name,
    major,
    minor,
    source,
    spec: completeSpec(draft, name, major),
    createdAtMs: context.nowMs(),
    createdBy: context.actor.id,
  }
}
