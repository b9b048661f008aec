import { jsonPointer, type PipelineSpec, type Step, type Warning } from '@sallyport/core'
import { checkExpression } from '../../expression/check-expression.ts'
import { varyingLists } from '../../expression/varying-lists.ts'
import { EXPRESSIONS_CHARS_MAX } from './check-expressions.ts'

/** What a list that varies comes from; other expressions need not be parsed inside the write transaction. */
const MAY_VARY = /[[^*@#{$]/

/** Warns about bodies and claims in which a list of one item is the item, and an empty list is missing. */
export function listWarnings({ steps }: PipelineSpec): Warning[] {
  const chars = steps.flatMap(resultsOf).reduce((sum, [text]) => sum + text.length, 0)
  if (chars > EXPRESSIONS_CHARS_MAX) return []
  return steps.flatMap((step, index) =>
    resultsOf(step).flatMap(([text, ...segments]): Warning[] => {
      if (!MAY_VARY.test(text) || checkExpression(text) !== undefined) return []
      const path = jsonPointer('steps', index, step.kind, ...segments)
      return varyingLists(text).map((members): Warning => ({
        rule: 'list-varies',
        path,
        detail: detailOf(members),
      }))
    }),
  )
}

function detailOf(members: readonly string[]): string {
  const part = members.length === 0 ? 'The result' : `The member "${members.join('.')}" of the result`
  return `${part} is a list only if there are several items: a single item comes without its list, and without items there is no value. Write the expression within [ ] for a list in every case, or [0] behind it for the first item alone.`
}

/** The expressions whose results others read, with the segments of their JSON Pointers. */
function resultsOf(step: Step): readonly (readonly [text: string, ...segments: string[]])[] {
  if (step.kind === 'call' || step.kind === 'transform')
    return step.body === null ? [] : [[step.body, 'body']]
  if (step.kind !== 'jwt.generate' || step.claims === null) return []
  if (typeof step.claims === 'string') return [[step.claims, 'claims']]
  return Object.entries(step.claims).map(([name, text]) => [text, 'claims', name])
}
