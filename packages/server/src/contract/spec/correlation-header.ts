import { correlationHeaderProblem, headerNameAsRead, type SpecDraft } from '@sallyport/core'
import { z } from 'zod'

/** The name of a header that carries the id of a request; becomes lower case. */
export const correlationHeader = z
  .string()
  .transform((name) => name.toLowerCase())
  .superRefine((name, check) => {
    const message = correlationHeaderProblem(name)
    if (message !== undefined) check.addIssue(message)
  })

const SET_ALREADY = 'The gateway sets this header, as `correlationHeader` says. Remove it here.'

/** Reports a header of responses that would replace the id of the request. */
export function checkCorrelationResponse(
  {
    correlationHeader: name,
    responseHeaders,
  }: {
    readonly correlationHeader?: string | undefined
    readonly responseHeaders: Readonly<Record<string, string | null>>
  },
  check: z.RefinementCtx,
): void {
  if (name === undefined || !(name in responseHeaders)) return
  check.addIssue({ code: 'custom', path: ['responseHeaders', name], message: SET_ALREADY })
}

/**
 * Reports headers of steps that would replace the id of the request, or take what the caller sent in its place. Names that are
 * only read like it count too.
 */
export function checkCorrelationInSteps({ trigger, steps }: SpecDraft, check: z.RefinementCtx): void {
  const name = trigger.correlationHeader
  if (name === undefined) return
  for (const [index, step] of steps.entries()) {
    if (step.kind !== 'proxy' && step.kind !== 'call') continue
    const report = (...path: (string | number)[]): void =>
      check.addIssue({ code: 'custom', path: ['steps', index, step.kind, ...path], message: SET_ALREADY })
    const isName = (other: string): boolean => headerNameAsRead(other.toLowerCase()) === name
    for (const [header, rule] of Object.entries(step.headers)) {
      if (isName(header)) report('headers', header)
      else if (typeof rule === 'object' && rule !== null && 'from' in rule && isName(rule.from)) {
        report('headers', header, 'from')
      }
    }
    if (step.kind !== 'proxy') continue
    if (step.responseHeaders !== undefined && name in step.responseHeaders) report('responseHeaders', name)
    const listed = step.cache?.headers.findIndex(isName) ?? -1
    if (listed >= 0) report('cache', 'headers', listed)
  }
}
