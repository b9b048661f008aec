import type { Parsed } from '../fields/parsed.ts'
import {
  LABEL_NAME_CHARS_MAX,
  LABEL_VALUE_CHARS_MAX,
  labelNameProblem,
  type Labels,
  labelValueProblem,
} from './labels.ts'

/** What a list chooses by: a label's name, and its value; null for any value. */
export interface LabelFilter {
  readonly name: string
  readonly value: string | null
}

/** The most label filters of one list: each costs a look into the index. */
export const LABEL_FILTERS_MAX = 5
/** The most characters of a label filter. */
export const LABEL_FILTER_CHARS_MAX = LABEL_NAME_CHARS_MAX + 1 + LABEL_VALUE_CHARS_MAX

/** Parses `team:payments`, or `team` for any value. `team:` means the empty value. */
export function parseLabelFilter(text: string): Parsed<LabelFilter> {
  const colon = text.indexOf(':')
  const name = colon < 0 ? text : text.slice(0, colon)
  const value = colon < 0 ? null : text.slice(colon + 1)
  const problem = labelNameProblem(name) ?? (value === null ? undefined : labelValueProblem(value))
  return problem === undefined ? { ok: true, value: { name, value } } : { ok: false, problem }
}

/** The text that `parseLabelFilter` reads as this filter. */
export function labelFilterText({ name, value }: LabelFilter): string {
  return value === null ? name : `${name}:${value}`
}

/** The term that an index finds a label by. It has no space. */
function labelTerm(name: string, value: string): string {
  return `${labelTermPrefix(name)}${encodeURIComponent(value)}`
}

/** The beginning of the terms of all labels with a name. */
function labelTermPrefix(name: string): string {
  return `l:${name}:`
}

/** The terms of all labels. */
export function labelTerms(labels: Labels): string[] {
  return Object.entries(labels).map(([name, value]) => labelTerm(name, value))
}

/** The term that a filter looks for; a filter without a value looks for a prefix. */
export function labelFilterTerm({ name, value }: LabelFilter): {
  readonly term: string
  readonly isPrefix: boolean
} {
  return value === null
    ? { term: labelTermPrefix(name), isPrefix: true }
    : { term: labelTerm(name, value), isPrefix: false }
}
