import { childOf, choiceOf, isMembers, type Path, schemaAt } from '../schema/walk.ts'
import type { JsonSchema } from '@sallyport/sdk/spec-schema'
import { pointerOf } from '../form/form-access.ts'

/** An expression of a spec. */
export interface SpecExpression {
  /** A JSON Pointer. */
  readonly place: string
  readonly text: string
}

/** The expressions in the steps of a spec, in their order: the texts that the schema calls expressions. */
export function specExpressions(spec: unknown): readonly SpecExpression[] {
  const steps = isMembers(spec) ? spec['steps'] : undefined
  if (!Array.isArray(steps)) return []
  return steps.flatMap((step: unknown, index) => {
    const schema = schemaAt(spec, ['steps', index])
    return schema === undefined ? [] : expressionsIn(schema, step, ['steps', index], false)
  })
}

/** @param isMeant whether what is around says that its texts are expressions */
function expressionsIn(
  whole: JsonSchema,
  value: unknown,
  path: Path,
  isMeant: boolean,
): readonly SpecExpression[] {
  const schema = choiceOf(whole, value)
  const isExpression = isMeant || /\bexpressions?\b/i.test(schema.description ?? '')
  if (typeof value === 'string') return isExpression ? [{ place: pointerOf(path), text: value }] : []
  if (!isMembers(value)) return []
  return Object.entries(value).flatMap(([name, member]) => {
    const child = childOf(schema, name)
    return child === undefined ? [] : expressionsIn(child, member, [...path, name], isExpression)
  })
}
