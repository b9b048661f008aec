import type { RespondStep } from '@sallyport/core'
import { isOurs } from './answer-headers.ts'
import { withHeaders, type HeaderLines } from './message.ts'
import type { RunnableStep } from './step.ts'

/** Sets the answer as it stands in the spec; what it says nothing of stays as steps before have set it. */
export function compileRespond(step: RespondStep, place: string): RunnableStep {
  const body = step.body === undefined ? undefined : JSON.stringify(step.body)
  const headers = Object.entries(step.headers)
    .map(([name, value]): [string, HeaderLines] => [name.toLowerCase(), [value]])
    .filter(([name]) => !isOurs(name))
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
