import type { AdmittedRequest } from '../deployment/admitted-request.ts'
import { hasBody } from '../../connections/unread-body.ts'
import { BodyTooLarge, CallerGone, RequestBody } from '../request/request-body.ts'
import { entryOf } from '../response/gateway-response.ts'
import { stepProblem, type StepProblem } from '../steps/step.ts'
import type { RunSlot } from './run-slots.ts'

/** A request's whole content, null without a body; or why it was not read. */
export type ReadContent =
  | { readonly content: Buffer | null }
  | { readonly problem: StepProblem }
  | 'caller_gone'

/**
 * Reads the whole content of a request.
 *
 * @param bytesMax the maximum size
 * @param slot counts the bytes held in memory
 * @param signal ends the reading
 */
export async function readContent(
  admitted: AdmittedRequest,
  bytesMax: number,
  slot: RunSlot,
  signal: AbortSignal,
): Promise<ReadContent> {
  const { request, response, expectsContinue } = admitted
  if (!hasBody(request)) return { content: null }
  const entry = entryOf(response)
  const tooLarge = stepProblem('too_large', { extensions: { limitBytes: bytesMax } })
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) return tooLarge
  const body = new RequestBody(request, bytesMax, (bytes) => {
    if (entry !== null) entry.requestBytes += bytes
  })
  const end = (): void => {
    body.destroy(signal.reason as Error)
  }
  signal.addEventListener('abort', end)
  if (expectsContinue) response.writeContinue()
  const chunks: Buffer[] = []
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (!slot.hold(chunk.length)) return stepProblem('unavailable')
      chunks.push(chunk)
    }
    return { content: Buffer.concat(chunks) }
  } catch (error) {
    if (error instanceof BodyTooLarge) return tooLarge
    if (error instanceof CallerGone) return 'caller_gone'
    if (signal.aborted) return stepProblem('request_timeout')
    throw error
  } finally {
    signal.removeEventListener('abort', end)
    body.destroy()
  }
}
