import type { Conformity } from '@sallyport/sdk'
import type { Document } from 'yaml'
import { setAt } from './spec-text.ts'
import { addStep } from './step-templates.ts'

/** One reason why the gate refuses a version. */
export type Violation = Conformity['violations'][number]

/** The rules whose fix has only one reasonable form. */
export const FIXABLE = [
  'api-key-required',
  'jwt-required',
  'login-cannot-require-jwt',
  'login-generates-jwt',
  'methods-missing',
  'step-unreachable',
] as const
export type FixableRule = (typeof FIXABLE)[number]

const FIXES: Readonly<Record<FixableRule, (document: Document, violation: Violation) => void>> = {
  'api-key-required': (document) => setAt(document, ['trigger', 'authentication', 'apiKey'], true),
  'jwt-required': (document) => setAt(document, ['trigger', 'authentication', 'jwt'], true),
  'login-cannot-require-jwt': (document) => setAt(document, ['trigger', 'authentication', 'jwt'], false),
  'login-generates-jwt': (document) => void addStep(document, 'jwt.generate'),
  'methods-missing': (document) => setAt(document, ['trigger', 'methods'], undefined),
  'step-unreachable': (document, { path }) =>
    setAt(document, ['steps', Number(path.split('/')[2])], undefined),
}

/** The rule of a violation that a button can fix; undefined if a person must decide. */
export function fixableRule({ rule }: Violation): FixableRule | undefined {
  return FIXABLE.find((each) => each === rule)
}

/** Changes a spec so that violations are gone. Those that only a person can fix stay. */
export function fix(document: Document, violations: readonly Violation[]): void {
  // Steps are removed from the last on, so that the places of the others stay true.
  for (const violation of violations.toReversed()) {
    const rule = fixableRule(violation)
    if (rule !== undefined) FIXES[rule](document, violation)
  }
}
