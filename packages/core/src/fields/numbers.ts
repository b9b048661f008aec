import { GRACE_SECONDS_MAX, HAND_OVER_HOURS_MAX } from '../keys/key-bounds.ts'
import { LIFETIME_DAYS_MAX } from '../keys/key-age.ts'
import { ROTATION_DAYS_MAX } from '../keys/rotation.ts'
import { TOKEN_SECONDS_MAX } from '../pipelines/pipeline-spec.ts'
import { type Branded, type Parsed, parserOf } from './parsed.ts'

/** How long the old secret of a rolled key still works, in seconds. */
export type GraceSeconds = Branded<number, 'GraceSeconds'>
/** How long a hand-over link can be opened, in hours. */
export type HandOverHours = Branded<number, 'HandOverHours'>
/** For how long a secret of a key works, in days. */
export type LifetimeDays = Branded<number, 'LifetimeDays'>
/** How many days pass between two scheduled rolls of a key. */
export type RotationDays = Branded<number, 'RotationDays'>
/** How long the previous signing key still verifies, in seconds. */
export type OverlapSeconds = Branded<number, 'OverlapSeconds'>
/** The index of an environment in promotion order, from 0. */
export type EnvironmentPosition = Branded<number, 'EnvironmentPosition'>

/** The longest overlap: the lifetime of the longest-lived token. */
export const OVERLAP_SECONDS_MAX = TOKEN_SECONDS_MAX
/** The most environments of one organization. */
export const ENVIRONMENTS_MAX = 32

export const parseGraceSeconds = wholeNumber<'GraceSeconds'>('A grace period', GRACE_SECONDS_MAX, ' seconds')
export const parseHandOverHours = wholeNumber<'HandOverHours'>(
  'The time of a hand-over link',
  HAND_OVER_HOURS_MAX,
  ' hours',
  1,
)
export const parseLifetimeDays = wholeNumber<'LifetimeDays'>('A lifetime', LIFETIME_DAYS_MAX, ' days', 1)
export const parseRotationDays = wholeNumber<'RotationDays'>(
  'The time between two rolls',
  ROTATION_DAYS_MAX,
  ' days',
  1,
)
export const parseOverlapSeconds = wholeNumber<'OverlapSeconds'>(
  'An overlap',
  OVERLAP_SECONDS_MAX,
  ' seconds',
)
export const parseEnvironmentPosition = wholeNumber<'EnvironmentPosition'>(
  'A position',
  ENVIRONMENTS_MAX - 1,
  '',
)

/** A parser of whole numbers from `min` to `max`. */
function wholeNumber<Name extends string>(
  name: string,
  max: number,
  unit: string,
  min = 0,
): (value: number) => Parsed<Branded<number, Name>> {
  return parserOf<number, Name>(
    (value) => Number.isInteger(value) && value >= min && value <= max,
    `${name} is a whole number from ${min} to ${max}${unit}.`,
  )
}
