import type { z } from 'zod'
import { handOverLink, type HandedOverKey, type KeyWithToken } from '../../app/hand-overs/issue-hand-over.ts'
import type { keyCreated } from '../../contract/keys.ts'
import { keyAnswer } from './key-answer.ts'
import { timestampAnswer } from './timestamp.ts'

/**
 * A key with a new secret in a response: with the token, or with the link that shows it.
 *
 * @param atMs the time that determines the state of the key
 * @param publicUrl the URL that people open, without a trailing slash
 */
export function newTokenAnswer(
  made: KeyWithToken | HandedOverKey,
  atMs: number,
  publicUrl: string,
): z.output<typeof keyCreated> {
  const key = keyAnswer(made.key, atMs)
  if ('token' in made) return { key, token: made.token }
  const { handOver } = made
  const link = handOverLink(publicUrl, handOver)
  return { key, handOver: { id: handOver.id, link, expiresAt: timestampAnswer(handOver.expiresAtMs) } }
}
