import type { ListedKey } from '@sallyport/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { newAttempt } from '../../../data/attempt.ts'
import { readAgain, WAIT_SECONDS } from '../../../data/change.ts'
import { sallyport } from '../../../data/sallyport.ts'
import { type Delivery, deliveryInput } from '../../../parts/shown-once/delivery.ts'
import { OF_KEYS } from '../mutations.ts'
import { refusalOf, type RolledKey } from './rolling.ts'

export interface BulkRoll {
  readonly graceSeconds: number
  readonly delivery: Delivery
}

/**
 * Rolls keys one after the other. What concerns one key alone is noted, and the others are rolled; what holds up all of them
 * ends it, and the next call goes on there. The secrets are nowhere but in what this returns.
 */
export function useBulkRoll(organization: string, keys: readonly ListedKey[]) {
  const queries = useQueryClient()
  const [rolled, setRolled] = useState<readonly RolledKey[]>([])
  const isStopped = useRef(false)
  const isRunning = useRef(false)
  // With the same attempt, a key whose answer was lost gives the same secret again.
  const attempts = useRef(new Map<string, string>())
  const roll = useMutation({
    mutationFn: async ({ graceSeconds, delivery }: BulkRoll) => {
      isStopped.current = false
      for (const key of keys.slice(rolled.length)) {
        if (isStopped.current) return
        const asked = JSON.stringify([key.id, graceSeconds, delivery])
        const attempt = attempts.current.get(asked) ?? newAttempt()
        attempts.current.set(asked, attempt)
        const done = await rollOne(organization, key, { graceSeconds, delivery }, attempt)
        setRolled((before) => [...before, done])
      }
    },
    onSettled: () => {
      isRunning.current = false
      void readAgain(queries, organization, OF_KEYS)
    },
  })
  return {
    rolled,
    isPending: roll.isPending,
    error: roll.error,
    /** Does nothing while keys are being rolled. */
    start: (how: BulkRoll) => {
      if (isRunning.current) return
      isRunning.current = true
      roll.mutate(how)
    },
    /** Ends it after the key that is being rolled. */
    stop: () => {
      isStopped.current = true
    },
  }
}

async function rollOne(
  organization: string,
  key: ListedKey,
  { graceSeconds, delivery }: BulkRoll,
  idempotencyKey: string,
): Promise<RolledKey> {
  const { id, name, environment, consumerName, type } = key
  const about = { id, name, environment, consumerName }
  // A public key is no secret: its token is shown here in any case.
  const way = type === 'secret' ? deliveryInput(delivery) : {}
  const input = { organization, key: id, graceSeconds, wait: WAIT_SECONDS, ...way }
  try {
    const made = await sallyport.rollKey(input, { idempotencyKey })
    const [old] = made.key.secrets
    return {
      ...about,
      secret: made.handOver?.link ?? made.token ?? '',
      oldEndsAt: graceSeconds === 0 ? null : (old?.expiresAt ?? null),
    }
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal === undefined) throw error
    return { ...about, refusal }
  }
}
