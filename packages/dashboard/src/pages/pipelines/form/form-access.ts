import { t } from '../../../texts/texts.ts'
import type { Fault } from '../schema/faults.ts'
import type { Path } from '../schema/walk.ts'

/** What the fields of a form have in common: how they change the spec, and what is wrong with it. */
export interface FormAccess {
  readonly isDisabled: boolean
  readonly faults: readonly Fault[]
  /** Sets a value of the spec; undefined removes it. */
  readonly set: (path: Path, value: unknown) => void
  /** Shows a place in the text. */
  readonly show: (pointer: string) => void
}

/** A place of a spec as a JSON Pointer (RFC 6901). */
export function pointerOf(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** What is wrong at a place; undefined if nothing is. */
export function faultAt({ faults }: Pick<FormAccess, 'faults'>, path: Path): string | undefined {
  const pointer = pointerOf(path)
  return faults.find((fault) => fault.pointer === pointer)?.message
}

/** The same for a field that shows a whole list: also what is wrong with one of its items. */
export function faultWithin({ faults }: Pick<FormAccess, 'faults'>, path: Path): string | undefined {
  return faults.find(({ pointer }) => isWithin(pointer, path))?.message
}

/** The same for a field that shows a whole value as text: with the place inside, if it has one. */
export function placedFault({ faults }: Pick<FormAccess, 'faults'>, path: Path): string | undefined {
  const fault = faults.find(({ pointer }) => isWithin(pointer, path))
  if (fault === undefined) return undefined
  const place = fault.pointer.slice(pointerOf(path).length)
  return place === '' ? fault.message : t.specForm.json.at(place, fault.message)
}

/** How much is wrong at these places and below them. */
export function faultCount({ faults }: Pick<FormAccess, 'faults'>, paths: readonly Path[]): number {
  return faults.filter(({ pointer }) => paths.some((path) => isWithin(pointer, path))).length
}

function isWithin(pointer: string, path: Path): boolean {
  const whole = pointerOf(path)
  return pointer === whole || pointer.startsWith(`${whole}/`)
}
