import { Problem } from '@sallyport/core'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { passkeyProof } from '../../contract/people/passkeys.ts'
import type { PasskeyAnswer, PasskeyRefusal } from '../../app/passkeys/use-passkey.ts'

/** What operations read of a proof. */
export function passkeyAnswerOf({ ticket, response }: z.output<typeof passkeyProof>): PasskeyAnswer {
  const { userHandle = null, ...rest } = response.response
  return { ticket, response: { ...response, response: { ...rest, userHandle } } }
}

/**
 * What a passkey proved. Every refusal gets the same answer; the log says why. A counter that went back means that two
 * authenticators have the passkey, so an owner should look at it.
 *
 * @throws Problem `sign_in_failed`
 */
export function requireProved<T extends { readonly ok: true }>(
  request: Pick<FastifyRequest, 'log'>,
  proved: T | PasskeyRefusal,
): T {
  if (proved.ok) return proved
  const { fault, passkey } = proved
  if (fault === 'counter_went_back') {
    request.log.warn({ fault, passkey }, 'a passkey was refused: another authenticator has a copy of it')
  } else {
    request.log.info({ fault, passkey }, 'a passkey was refused')
  }
  throw new Problem('sign_in_failed')
}
