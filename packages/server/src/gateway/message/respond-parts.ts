import type { RespondStep } from '@sallyport/core'
import { isOurs } from './answer-headers.ts'
import type { HeaderLines } from './message.ts'

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
