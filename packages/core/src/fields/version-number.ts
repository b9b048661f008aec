import type { Branded, Parsed } from './parsed.ts'

/** A pipeline version. */
export interface VersionNumber {
  readonly major: number
  readonly minor: number
}

/** A version number that was parsed from `major.minor`. */
export type ParsedVersion = Branded<VersionNumber, 'ParsedVersion'>

/** The largest major and the largest minor number. */
export const VERSION_NUMBER_MAX = 999_999

export const VERSION = /^[1-9]\d{0,5}\.(?:0|[1-9]\d{0,5})$/

export function parseVersion(text: string): Parsed<ParsedVersion> {
  if (!VERSION.test(text)) {
    return { ok: false, problem: 'Write a version as major.minor, such as 1.0.' }
  }
  const [major, minor] = text.split('.').map(Number)
  return { ok: true, value: { major, minor } as VersionNumber as ParsedVersion }
}

/** A version as text: `major.minor`. */
export function versionText({ major, minor }: VersionNumber): string {
  return `${major}.${minor}`
}
