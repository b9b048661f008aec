import { jsonPointer, type PipelineSpec, type Step, type Violation } from '@sallyport/core'
import { checkExpression } from '../../expression/check-expression.ts'

/**
 * The most characters of all expressions of a version together. The gate parses them inside the write transaction, and
 * an expression made to be slow at this size takes 130 ms on a slow machine.
 */
export const EXPRESSIONS_CHARS_MAX = 65_536

/** An expression, and the segments of its JSON Pointer within its step. */
type LocatedExpression = readonly [text: string, ...segments: string[]]

/** The invalid expressions of a version, with the parser's own message. */
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
        fix: 'Shorten the expressions, or split the work between pipelines.',
      },
    ]
  }
  return steps.flatMap((step, index) =>
    expressionsOf(step).flatMap(([text, ...segments]): Violation[] => {
      const problem = checkExpression(text)
      if (problem === undefined) return []
      const path = jsonPointer('steps', index, step.kind, ...segments)
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

function expressionsOf(step: Step): readonly LocatedExpression[] {
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
        // A list contains the scopes themselves.
        ...optional(typeof step.scopes === 'string' ? step.scopes : null, 'scopes'),
      ]
    case 'jwt.decode':
      return [[step.token, 'token']]
    case 'oauth.token':
    case 'proxy':
    case 'respond':
      return []
  }
}

function optional(text: string | null, name: string): readonly LocatedExpression[] {
  return text === null ? [] : [[text, name]]
}

function members(texts: Readonly<Record<string, string>>, name: string): readonly LocatedExpression[] {
  return Object.entries(texts).map(([member, text]) => [text, name, member])
}
