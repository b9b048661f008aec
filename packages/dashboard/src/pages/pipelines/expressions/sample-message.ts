import type { EvaluateExpressionsInput } from '@sallyport/sdk'
import { t } from '../../../texts/texts.ts'
import { isMembers } from '../schema/walk.ts'

/** What the message begins with. */
export const SAMPLE_MESSAGE = `{
  "body": { "items": [{ "price": 12 }, { "price": 8 }] },
  "auth": { "consumer": "web-shop" }
}`

export type ReadMessage =
  | { readonly ok: true; readonly message: NonNullable<EvaluateExpressionsInput['message']> }
  | { readonly ok: false; readonly problem: string }

/** Reads a message that a person has written. An empty text is a message without anything. */
export function readMessage(text: string): ReadMessage {
  if (text.trim() === '') return { ok: true, message: {} }
  try {
    const value: unknown = JSON.parse(text)
    return isMembers(value)
      ? { ok: true, message: value }
      : { ok: false, problem: t.expressionTrial.notAnObject }
  } catch (error) {
    return { ok: false, problem: t.expressionTrial.notJson(error instanceof Error ? error.message : '') }
  }
}
