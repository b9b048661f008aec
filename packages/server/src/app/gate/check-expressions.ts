import { jsonPointer, type PipelineSpec, type Step, type Violation } from '@sallyport/core'
import { checkExpression } from '../../expression/check-expression.ts'

/**
 * The most characters of all expressions of a version together. The gate reads them while it holds the writers' turn,
 * and one that is made for it takes 130 ms of a slow machine.
 */
const EXPRESSIONS_CHARS_MAX = 65_536

/** An expression, and where it stands in its step. */
type Placed = readonly [text: string, ...place: string[]]

/** Which expressions of a version cannot be, in the words of the language itself. */
export function expressionViolations({ steps }: PipelineSpec, environment: string): Violation[] {
  const chars = steps.flatMap(expressionsOf).reduce((sum, [text]) => sum + text.length, 0)
  if (chars > EXPRESSIONS_CHARS_MAX) {
    return [
      {
        rule: 'expressions-too-long',
        environment,
        path: '/steps',
        required: `at most ${EXPRESSIONS_CHARS_MAX} characters of expressions in a version`,
        found: `${chars} characters`,
        fix: 'Shorten the expressions, or divide the work between pipelines.',
      },
    ]
  }
  return steps.flatMap((step, index) =>
    expressionsOf(step).flatMap(([text, ...place]): Violation[] => {
      const problem = checkExpression(text)
      if (problem === undefined) return []
      const path = jsonPointer('steps', index, step.kind, ...place)
      return [
        {
          rule: 'expression-invalid',
          environment,
          path,
          required: 'a JSONata expression',
          found: problem,
          fix: 'Correct the expression.',
        },
      ]
    }),
  )
}

function expressionsOf(step: Step): readonly Placed[] {
  switch (step.kind) {
    case 'call':
      return optional(step.body, 'body')
    case 'transform':
      return [
        ...optional(step.body, 'body'),
        ...members(step.headers, 'headers'),
        ...optional(step.status, 'status'),
      ]
    case 'assert':
      return [[step.that, 'that']]
    case 'credentials.verify':
      return [
        [step.username, 'username'],
        [step.password, 'password'],
      ]
    case 'jwt.generate':
      return [
        [step.subject, 'subject'],
        ...(typeof step.claims === 'string' || step.claims === null
          ? optional(step.claims, 'claims')
          : members(step.claims, 'claims')),
        // A list is the scopes themselves.
        ...(typeof step.scopes === 'string' ? optional(step.scopes, 'scopes') : []),
      ]
    case 'jwt.decode':
      return [[step.token, 'token']]
    case 'proxy':
    case 'respond':
      return []
  }
}

function optional(text: string | null, name: string): readonly Placed[] {
  return text === null ? [] : [[text, name]]
}

function members(texts: Readonly<Record<string, string>>, name: string): readonly Placed[] {
  return Object.entries(texts).map(([member, text]) => [text, name, member])
}
