import type { z } from 'zod'
import { QUIET_SECONDS, type RollProgress } from '../../app/keys/roll-progress.ts'
import type { keyWithRoll } from '../../contract/keys.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { SeenValue } from '../../store/port/usage.ts'
import { timestampAnswer, timestampAnswerOrNull } from './timestamp.ts'

function seenAnswer({ value, requests, lastUsedAtMs }: SeenValue) {
  return { value, requests, lastUsedAt: timestampAnswer(lastUsedAtMs) }
}

/** The roll of a key in a response; null if it is not rolling. */
export function rollAnswer(key: KeyRow, roll: RollProgress | null): z.input<typeof keyWithRoll>['roll'] {
  if (roll === null) return null
  return {
    endsAt: timestampAnswer(roll.endsAtMs),
    safeToFinish: roll.isSafeToFinish,
    reason: roll.reason,
    quietSeconds: QUIET_SECONDS,
    secrets: roll.uses.map(({ sequence, requestsLastHour, addresses, userAgents }) => {
      const secret = key.secrets.find((each) => each.sequence === sequence)
      return {
        hint: secret?.hint ?? '',
        requestsLastHour,
        lastUsedAt: timestampAnswerOrNull(secret?.lastUsedAtMs ?? null),
        addresses: addresses.map(seenAnswer),
        userAgents: userAgents.map(seenAnswer),
      }
    }),
  }
}
