import type { Branded } from '../fields/parsed.ts'
import { isReadable } from '../fields/readable-text.ts'
import { containsToken } from '../keys/key-text.ts'

/** Labels by name, as they are stored. Any lower-case name is possible, `constructor` too: read only own properties. */
export type Labels = Readonly<Record<string, string>>
/** The labels of a key or a consumer that `parseLabels` has checked, in the order of their names. */
export type CheckedLabels = Branded<Labels, 'Labels'>

/** The most labels of a key or a consumer. */
export const LABELS_MAX = 20
/** The most characters of the name of a label. */
export const LABEL_NAME_CHARS_MAX = 63
/** The most characters of the value of a label, counted as JavaScript does (UTF-16 code units). */
export const LABEL_VALUE_CHARS_MAX = 128
/**
 * The most characters of all labels of a key or a consumer, as `labelsHeader` writes them. A header has those of both:
 * nginx, for example, reads at most 4 or 8 KiB of headers of a response unless it is told otherwise.
 */
export const LABELS_CHARS_MAX = 2048

export const LABEL_NAME = new RegExp(`^[a-z][a-z0-9._-]{0,${LABEL_NAME_CHARS_MAX - 1}}$`)

export const NO_LABELS: Labels = Object.freeze({})

/** The problem of one label; null for the labels as a whole. */
export interface LabelProblem {
  readonly name: string | null
  readonly problem: string
}

export type ParsedLabels =
  | { readonly ok: true; readonly value: CheckedLabels }
  | { readonly ok: false; readonly problems: readonly LabelProblem[] }

/**
 * Parses labels.
 *
 * @param pairs names with their values; a name occurs once
 * @returns the labels, or every problem; of too many labels only that
 */
export function parseLabels(pairs: readonly (readonly [name: string, value: string])[]): ParsedLabels {
  if (pairs.length > LABELS_MAX) {
    return { ok: false, problems: [{ name: null, problem: `Set at most ${LABELS_MAX} labels.` }] }
  }
  const problems = pairs.flatMap(([name, value]): LabelProblem[] =>
    [labelNameProblem(name), labelValueProblem(value)].flatMap((problem) =>
      problem === undefined ? [] : [{ name, problem }],
    ),
  )
  if (problems.length > 0) return { ok: false, problems }
  const value = Object.fromEntries(pairs.toSorted(([one], [other]) => (one < other ? -1 : 1)))
  const length = labelsHeader(value).length
  if (length > LABELS_CHARS_MAX) {
    const problem = `All labels together have at most ${LABELS_CHARS_MAX} characters as a header, where these have ${length}. Shorten or remove some.`
    return { ok: false, problems: [{ name: null, problem }] }
  }
  return { ok: true, value: value as CheckedLabels }
}

/** The problem of a name, or undefined. */
export function labelNameProblem(name: string): string | undefined {
  return LABEL_NAME.test(name)
    ? undefined
    : `The name of a label has 1 to ${LABEL_NAME_CHARS_MAX} characters of a-z, 0-9, ".", "_" and "-", and starts with a letter.`
}

/** The problem of a value, or undefined. */
export function labelValueProblem(value: string): string | undefined {
  if (containsToken(value)) {
    return 'Do not put a token into a label, which lists, logs and upstreams show. Remove it.'
  }
  return value.length <= LABEL_VALUE_CHARS_MAX && isReadable(value) && value.trim() === value
    ? undefined
    : `The value of a label has at most ${LABEL_VALUE_CHARS_MAX} printable characters, none of them invisible, and no space at either end.`
}

/** The labels of a key of a consumer: those of the consumer, where the key has no label of the same name. */
export function effectiveLabels(ofConsumer: Labels, ofKey: Labels): Labels {
  if (isUnlabelled(ofKey)) return ofConsumer
  return isUnlabelled(ofConsumer) ? ofKey : { ...ofConsumer, ...ofKey }
}

/**
 * Labels as the value of a header, in the order of their names: `name=value,name=value`. A value is percent-encoded as
 * UTF-8, except letters, digits and `-_.!~*'()`, so that it never contains "," or "=" and a decoder gets exactly the
 * value back. Without labels, the empty text.
 */
export function labelsHeader(labels: Labels): string {
  return Object.keys(labels)
    .toSorted()
    .map((name) => `${name}=${encodeURIComponent(labels[name] ?? '')}`)
    .join(',')
}

/** Whether there are no labels. */
export function isUnlabelled(labels: Labels): boolean {
  return Object.keys(labels).length === 0
}
