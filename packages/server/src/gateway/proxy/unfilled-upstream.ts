import type { PathValues, ProblemCode } from '@sallyport/core'
import type { Logger } from 'pino'
import type { ProblemDetails } from '../request/answer.ts'
import type { UnfilledUpstream } from '../deployment/compiled-upstream.ts'

/**
 * What a caller is told where nothing can be sent to an upstream safely. A secret is no business of the caller's: the
 * log names it.
 *
 * @param about which request and pipeline it is, for the log
 */
export function unfilledProblem(
  unfilled: UnfilledUpstream,
  secrets: PathValues,
  logger: Logger,
  about: Readonly<Record<string, unknown>>,
): { readonly code: ProblemCode; readonly details: ProblemDetails } {
  if (unfilled.fault === 'path') {
    const detail = 'The path has a part that cannot be passed on.'
    return { code: 'invalid_request', details: { detail } }
  }
  const { name: secretName } = unfilled
  const reason =
    secrets.get(secretName) === undefined
      ? 'it is not there, or cannot be opened'
      : 'its value cannot stand where it is used'
  logger.error({ ...about, secretName, reason }, 'a secret cannot be used')
  return { code: 'internal', details: {} }
}
