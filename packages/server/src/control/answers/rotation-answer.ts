import type { RotationProblem } from '@sallyport/core'
import type { z } from 'zod'
import type { RotationFacts } from '../../app/rotations/rotation-facts.ts'
import type { rotation } from '../../contract/keys/rotations.ts'
import { timestampAnswer, timestampAnswerOrNull } from './timestamp.ts'

/** The rotation of a key in a response. */
export function rotationAnswer(facts: RotationFacts): z.output<typeof rotation> {
  const { handOverHours, problem, problemAtMs } = facts
  return {
    rotateEveryDays: facts.everyDays,
    webhook: facts.webhook,
    handOver: handOverHours === null ? null : { expiresInHours: handOverHours },
    state: facts.state,
    nextRotationAt: timestampAnswerOrNull(facts.nextAtMs),
    lastRotatedAt: timestampAnswerOrNull(facts.rotatedAtMs),
    problem:
      problem === null || problemAtMs === null
        ? null
        : { code: problem, detail: DETAILS[problem], since: timestampAnswer(problemAtMs) },
    updatedAt: timestampAnswer(facts.updatedAtMs),
    updatedBy: facts.updatedBy,
  }
}

const SET_AGAIN = 'Set the rotation again'

const DETAILS: Readonly<Record<RotationProblem, string>> = {
  creator_gone: `The key or member that set the rotation no longer works here. ${SET_AGAIN} as another one.`,
  permission_missing: `The key or member that set the rotation may no longer roll this key. ${SET_AGAIN} as one that may.`,
  key_not_rollable: 'Only an active key can be rolled. Switch it on, extend it, or remove the rotation.',
  webhook_removed: `The webhook was removed. ${SET_AGAIN} with another one.`,
  webhook_changed: `The URL of the webhook has changed. ${SET_AGAIN} to confirm that tokens may go there.`,
  webhook_inactive: 'The webhook is switched off. Switch it on, or set the rotation again with another one.',
  webhook_not_subscribed: 'The webhook does not receive new tokens. Add key.rotated to its events.',
  webhook_failing: 'The webhook does not accept events at the moment. See its deliveries.',
  hand_over_refused:
    'No link could be made: too many are pending, or SALLYPORT_PUBLIC_URL has no HTTPS. Withdraw links that are no longer needed, or ask the operator.',
  not_delivered:
    'The new token did not arrive in time, so the roll was undone and the old token works on. See the deliveries of the webhook.',
}
