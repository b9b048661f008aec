import type { Call } from '../deployment/admitted-request.ts'
import { BodyTooLarge, CallerGone, RequestBody } from '../request/request-body.ts'
import { hasBody } from '../request/unread-body.ts'
import { known, type StepProblem } from '../steps/step.ts'
import type { RunPlace } from './run-slots.ts'

/** A request's content, read whole; null where it has none. Or why it was not: `gone` where nobody waits any more. */
export type ReadContent = { readonly content: Buffer | null } | { readonly problem: StepProblem } | 'gone'

/**
 * Reads the whole content of a request.
 *
 * @param bytesMax how much of it is taken
 * @param place where its bytes are counted
 * @param signal ends the reading
 */
export async function readContent(
  call: Call,
  bytesMax: number,
  place: RunPlace,
  signal: AbortSignal,
): Promise<ReadContent> {
  const { request, response, expectsContinue } = call
  if (!hasBody(request)) return { content: null }
  const tooLarge = known('too_large', { extensions: { limitBytes: bytesMax } })
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) return tooLarge
  const body = new RequestBody(request, bytesMax, () => undefined)
  const end = (): void => {
    body.destroy(signal.reason as Error)
  }
  signal.addEventListener('abort', end)
  if (expectsContinue) response.writeContinue()
  const chunks: Buffer[] = []
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (!place.hold(chunk.length)) return known('unavailable')
      chunks.push(chunk)
    }
    return { content: Buffer.concat(chunks) }
  } catch (error) {
    if (error instanceof BodyTooLarge) return tooLarge
    if (error instanceof CallerGone) return 'gone'
    if (signal.aborted) return known('request_timeout')
    throw error
  } finally {
    signal.removeEventListener('abort', end)
    body.destroy()
  }
}
