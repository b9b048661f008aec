import { type FieldError, SallyportError } from '@sallyport/sdk'
import type { LineMark } from '../../../parts/code-editor/marks.ts'
import { t } from '../../../texts/texts.ts'
import type { Violation } from '../spec/fixes.ts'
import { type Fault, faultsOf } from '../schema/faults.ts'
import { type ParsedSpec, placeOf } from '../spec/spec-text.ts'
import { wrongUrls } from '../spec/url-start.ts'
import type { StepFacts } from '../spec/trigger-facts.ts'

/** So many faults are told at a time: each takes a search in the text. */
const FAULTS_MAX = 50

/** Where the spec stands in the body of a request. */
const IN_BODY = '/spec'
/** Where the comment of the version stands in it. */
const COMMENT = '/comment'

/** What is wrong with a spec, each at its line, and once: with the text, for the server, by the schema, or for the gate. */
export function problemsOf(
  parsed: ParsedSpec,
  refusal: unknown,
  violations: readonly Violation[],
): readonly LineMark[] {
  const all = parsed.ok
    ? specFaults(parsed.spec, refusal, violations).map(({ pointer, message }) => ({
        from: placeOf(parsed.document, pointer).from,
        message,
      }))
    : textProblems(parsed.problems)
  return [...new Map(all.map((mark) => [`${mark.from} ${mark.message}`, mark])).values()]
}

function textProblems(problems: readonly LineMark[]): readonly LineMark[] {
  return problems.length > 0 ? problems : [{ from: 0, message: t.pipeline.spec.notAnObject }]
}

/** What is wrong with a spec that can be read: for the server, by the schema, or for the gate. */
export function specFaults(
  spec: unknown,
  refusal: unknown,
  violations: readonly Violation[],
): readonly Fault[] {
  const refused = refusal instanceof SallyportError ? refusal.errors.filter(isOfSpec) : []
  if (refused.length > 0) {
    return refused.map(({ path, message }) => ({
      pointer: path.startsWith(IN_BODY) ? path.slice(IN_BODY.length) : path,
      message,
    }))
  }
  const faults = faultsOf(spec).slice(0, FAULTS_MAX)
  if (faults.length > 0) return faults
  const refusedByGate = violations.map((violation) => ({
    pointer: violation.path,
    message: t.pipeline.spec.faultOf(violation),
  }))
  const known = new Set(refusedByGate.map(({ pointer }) => pointer))
  const urls = wrongUrls(spec).filter((pointer) => !known.has(pointer))
  return [...refusedByGate, ...urls.map((pointer) => ({ pointer, message: t.pipelines.form.urlWrong }))]
}

function isOfSpec({ path }: FieldError): boolean {
  return path !== COMMENT
}

/** Why the server refused the comment of a version; undefined if it did not. */
export function commentProblem(refusal: unknown): string | undefined {
  if (!(refusal instanceof SallyportError)) return undefined
  return refusal.errors.find((error) => !isOfSpec(error))?.message
}

/** How many problems stand in the lines of each step, by its place. */
export function problemsByStep(
  parsed: ParsedSpec,
  steps: readonly StepFacts[],
  marked: readonly LineMark[],
): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  if (!parsed.ok) return found
  for (const { place } of steps) {
    const step = placeOf(parsed.document, place)
    const inside = marked.filter(({ from }) => from >= step.from && from < step.to).length
    if (inside > 0) found.set(place, inside)
  }
  return found
}
