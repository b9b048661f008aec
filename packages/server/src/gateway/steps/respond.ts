import type { RespondStep } from '@sallyport/core'
import { isOurs } from './answer-headers.ts'
import { withHeaders, type HeaderLines } from './message.ts'
import type { RunnableStep } from './step.ts'

/** What the step says of an answer's body, as JSON text, and of its headers. */
export function respondParts({ body, headers }: RespondStep): {
  readonly body: string | undefined
  readonly headers: readonly (readonly [string, HeaderLines])[]
} {
  return {
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), [value]] as const)
      .filter(([name]) => !isOurs(name)),
  }
}

/** Sets the answer as it stands in the spec; what it says nothing of stays as steps before have set it. */
export function compileRespond(step: RespondStep, place: string): RunnableStep {
  const { body, headers } = respondParts(step)
  return {
    place,
    callsUpstream: false,
    seesMessage: false,
    async run(message) {
      const next = withHeaders(message, headers)
      return { message: { ...next, body: body ?? next.body, status: step.status ?? next.status } }
    },
  }
}
